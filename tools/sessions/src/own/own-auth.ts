import { type Auth, type AuthEvent, type AuthOptions, createAuth, createVault } from '@latchkey/core'
import { createWiseSso, wiseProvider } from '@latchkey/core-wise'
import { exampleVendor } from './example-vendor.ts'

/** Who is signed in, as the app's own session has it. */
export interface User {
  readonly id: string
  readonly name: string
}

const sso = createWiseSso({
  whiteLabelUrl: 'https://school.example',
  jwtTokenSecret: 'an-example-secret-of-at-least-32-bytes',
})

/** How a framework's own request holds the app's session. */
export interface OwnSession {
  userOf(native: unknown): User | undefined
  signIn(native: unknown, user: User): Promise<void>
}

/** An auth of an app that keeps its sessions itself: it signs people in and launches Wise. */
export function createOwnAuth(
  own: OwnSession,
  options: Partial<AuthOptions> = {},
): { auth: Auth; events: AuthEvent[] } {
  const events: AuthEvent[] = []
  const auth = createAuth({
    baseUrl: 'http://localhost:3001',
    vault: createVault({ secrets: [`an-example-secret-of-32-bytes-${crypto.randomUUID()}`] }),
    session: {
      kind: 'own',
      async signedIn({ subject, profile }, { native }) {
        await own.signIn(native, { id: subject, name: profile.name ?? subject })
      },
    },
    providers: [
      exampleVendor(),
      wiseProvider({
        sso,
        resolveUser({ native }) {
          const user = own.userOf(native)
          return user === undefined ? null : { vendorUserId: user.id, name: user.name, profile: 'student' }
        },
      }),
    ],
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { auth, events }
}
