import { type Auth, type AuthEvent, type AuthOptions, createAuth, createVault } from '@latchkey/core'
import { createWiseClient, wiseProvider } from '@latchkey/core-wise'
import { exampleVendor } from './example-vendor.ts'

/** Who is signed in, as the app's own session has it. */
export interface User {
  readonly id: string
  readonly name: string
}

const sso = createWiseClient({
  whiteLabelUrl: 'https://school.example',
  jwtTokenSecret: 'an-example-secret-of-at-least-32-bytes',
})

/** How a framework's own request holds the app's session. */
export interface OwnSession {
  userOf(frameworkRequest: unknown): User | undefined
  signIn(frameworkRequest: unknown, user: User): Promise<void>
}

/** An auth of an app that keeps its sessions itself: it signs users in and launches Wise. */
export function createOwnAuth(
  own: OwnSession,
  options: Partial<AuthOptions> = {},
): { auth: Auth; events: AuthEvent[] } {
  const events: AuthEvent[] = []
  const auth = createAuth({
    baseUrl: 'http://localhost:3001',
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    session: {
      kind: 'own',
      async signedIn({ subject, profile }, { frameworkRequest }) {
        await own.signIn(frameworkRequest, { id: subject, name: profile.name ?? subject })
      },
    },
    providers: [
      exampleVendor(),
      wiseProvider({
        sso,
        resolveUser({ frameworkRequest }) {
          const user = own.userOf(frameworkRequest)
          return user === undefined ? null : { vendorUserId: user.id, name: user.name, profile: 'student' }
        },
      }),
    ],
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { auth, events }
}
