import { latchkey } from '@latchkey/adapter-next'
import { createAuth, createVault } from '@latchkey/core'
import { providers } from './providers'

export const { handlers, proxy, getSession, requireSession, route } = latchkey(() =>
  createAuth({
    baseUrl: process.env.BASE_URL ?? '',
    secret: process.env.SESSION_SECRET ?? '',
    session: { kind: process.env.SESSION_KIND === 'store' ? 'store' : 'cookie' },
    providers: providers(),
    pages: { signIn: '/sign-in', apiPaths: ['/api'] },
  }),
)
