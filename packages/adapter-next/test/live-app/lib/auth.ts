import { latchkey } from '@latchkey/adapter-next'
import { createAuth } from '@latchkey/core'
import { acme } from './acme'
import { basePath } from './place'

declare module '@latchkey/core' {
  interface SessionData {
    visits: number
  }
}

export const { handlers, proxy, getSession, requireSession, getAccessToken, updateSession, route } = latchkey(
  () =>
    createAuth({
      baseUrl: process.env.BASE_URL ?? '',
      secret: process.env.SESSION_SECRET ?? '',
      basePath: `${basePath}/auth`,
      providers: [acme(process.env.VENDOR_URL ?? '')],
      pages: { signIn: `${basePath}/sign-in`, error: `${basePath}/auth-error`, apiPaths: [`${basePath}/api`] },
    }),
  { basePath: basePath || undefined },
)
