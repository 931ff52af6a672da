/** Where the sessions of the demo are kept. */
export type SessionStorage = 'cookie' | 'redis'

/** The same in one line. */
export const storageNames: Readonly<Record<SessionStorage, string>> = {
  cookie: 'in a sealed cookie, and nowhere else',
  redis: 'in Redis; the cookie holds a random key',
}

/** What three processes can promise with it, and what they cannot. */
export const storageLimits: Readonly<Record<SessionStorage, string>> = {
  cookie:
    'Three processes without a store: each one accepts a cookie that another one sealed. A process that did not see a sign-out accepts a copied cookie until it expires, each process may refresh the tokens once, and “sign out everywhere” ends only the sessions at the process that was asked. Set REDIS_URL to change this.',
  redis:
    'Three processes with one store: a sign-out on one is a sign-out on all, tokens are refreshed once, and “sign out everywhere” ends the session in every browser.',
}
