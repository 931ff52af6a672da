import { latchkey } from '@latchkey/adapter-next'
import { createAuth } from '@latchkey/core'
import { providers } from './providers'

declare module '@latchkey/core' {
  interface SessionData {
    theme: string
    font: string
  }
}

export const { handlers, proxy, getSession, requireSession, getAccessToken, updateSession, route } = latchkey(() =>
  createAuth({
    baseUrl: process.env.BASE_URL ?? '',
    secret: process.env.SESSION_SECRET ?? '',
    session: { strategy: process.env.SESSION_STRATEGY === 'store' ? 'store' : 'cookie' },
    providers: providers(),
    pages: { signIn: '/sign-in', apiPaths: ['/api'] },
  }),
)
