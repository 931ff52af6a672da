import { type Auth, type AuthEvent, type AuthOptions, createAuth } from '@latchkey/core'
import { wiseProvider } from '@latchkey/core-wise'
import { exampleProvider } from '@latchkey/tool-test-support/example-provider'

/** Who is signed in, as the app's own session has it. */
export interface User {
  readonly id: string
  readonly name: string
}

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
      strategy: 'external',
      async onSignedIn({ subject, profile }, { frameworkRequest }) {
        await own.signIn(frameworkRequest, { id: subject, name: profile.name ?? subject })
      },
    },
    providers: [
      exampleProvider(),
      wiseProvider({
        whiteLabelUrl: 'https://school.example',
        jwtTokenSecret: 'an-example-secret-of-at-least-32-bytes',
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
