import type { Demo } from '../demo.ts'

/** Where sessions are, in one line. */
export const keepingNames: Readonly<Record<Demo['keeping'], string>> = {
  cookie: 'in a sealed cookie, and nowhere else',
  redis: 'in Redis; the cookie is a random key to it',
}

/** What the way of keeping sessions promises to three processes, and what it cannot. */
export const keepingPromises: Readonly<Record<Demo['keeping'], string>> = {
  cookie:
    'Three processes and no store: each accepts the cookie that another sealed. But one that did not see a sign-out accepts a copied cookie until it expires, each may refresh a token once, and “everywhere” reaches only the sessions of the process that was asked. Start with REDIS_URL to have it otherwise.',
  redis:
    'Three processes and one store: a sign-out on one is a sign-out on all, each token is refreshed once, and “everywhere” reaches every browser.',
}
