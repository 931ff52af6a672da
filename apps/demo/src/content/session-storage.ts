/** Where the sessions of the demo are kept. */
export type SessionStorage = 'cookie' | 'redis'

/** The same in one line. */
export const storageNames: Readonly<Record<SessionStorage, string>> = {
  cookie: 'in a sealed cookie, and nowhere else',
  redis: 'in Redis; the cookie holds a random key',
}

/** What the servers can promise with it, and what they cannot. */
export const storageLimits: Readonly<Record<SessionStorage, string>> = {
  cookie:
    'Each of the three servers has a session of its own, and no store. A sign-out is known to the process that saw it: another process of the same server accepts a copied cookie until it expires, and may refresh the tokens once more. “Sign out everywhere” ends only your sessions at the server that was asked. Set REDIS_URL to change this.',
  redis:
    'Each of the three servers has a session of its own, in one store: every process knows of a sign-out, tokens are refreshed once, and “sign out everywhere” ends your sessions on all three servers, in every browser.',
}
