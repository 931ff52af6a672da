// Options that `createAuth` does not take.
import { createAuth, type SessionOptions } from '../src/index.ts'

const secret = 'an-example-secret-of-32-bytes-or-more'
const baseUrl = 'https://app.example'

// @ts-expect-error no secret
createAuth({ baseUrl, providers: [] })
// @ts-expect-error no secret at all
createAuth({ baseUrl, secret: [], providers: [] })
// @ts-expect-error half a store
createAuth({ baseUrl, secret, store: { get: async () => null }, providers: [] })
// @ts-expect-error an unknown option
createAuth({ baseUrl, secret, providers: [], cookieName: 'app' })
// @ts-expect-error a base path without its slash
createAuth({ baseUrl, secret, providers: [], basePath: 'auth' })
// @ts-expect-error no provider
createAuth({ baseUrl, secret, providers: [{ startLogin() {} }] })
// @ts-expect-error no such decision
createAuth({ baseUrl, secret, providers: [], onSignIn: () => ({ action: 'merge' }) })
// @ts-expect-error a code without its prefix
createAuth({ baseUrl, secret, providers: [], onSignIn: () => ({ action: 'deny', code: 'other' }) })

// What is not given may be `undefined`: no caller writes conditional spreads.
createAuth({ baseUrl, secret, providers: [], store: undefined, session: undefined, onSignIn: undefined })

export const sessions: readonly SessionOptions[] = [
  { strategy: 'cookie', maxCookieBytes: 5000 },
  { strategy: 'store', idleSeconds: undefined },
  { strategy: 'external', onSignedIn() {} },
  // @ts-expect-error no such strategy
  { strategy: 'redis' },
  // @ts-expect-error an option of another strategy
  { strategy: 'store', maxCookieBytes: 5000 },
  // @ts-expect-error lifetimes of sessions that are the app's
  { strategy: 'external', idleSeconds: 60 },
]
