import { createNextAuth } from '@latchkey/adapter-next'
import { createAuth, createVault } from '@latchkey/core'
import { providers } from './providers'

export const { handlers, proxy, getSession, requireSession, route } = createNextAuth(() =>
  createAuth({
    baseUrl: process.env.BASE_URL ?? '',
    vault: createVault({ secrets: [process.env.SESSION_SECRET ?? ''] }),
    session: { kind: process.env.SESSION_KIND === 'store' ? 'store' : 'cookie' },
    providers: providers(),
    pages: { signIn: '/sign-in', apiPaths: ['/api'] },
  }),
)
