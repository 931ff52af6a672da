import { createNextAuth } from '@latchkey/adapter-next'
import { type Demo, openDemo } from '../../src/demo.ts'

let opened: Demo | undefined

/** The demo that this server runs. It is wired with the first request, so that `next build` needs no secret. */
export function demo(): Demo {
  opened ??= openDemo('Next', process.env)
  return opened
}

export const { handlers, proxy, getSession, requireSession, route } = createNextAuth(() => demo().auth)
