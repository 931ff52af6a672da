import { latchkey } from '@latchkey/adapter-next'
import { type Demo, openDemo } from '../../src/demo.ts'

// Next evaluates this module once for each of its bundles. What holds connections is made once for all.
const shared = globalThis as { [key: symbol]: Demo | undefined }
const key = Symbol.for('latchkey.demo')

/** The demo that this server runs. It is wired with the first request, so that `next build` needs no secret. */
export function demo(): Demo {
  shared[key] ??= openDemo('Next', process.env)
  return shared[key]
}

export const { handlers, proxy, getSession, requireSession, getAccessToken, route } = latchkey(() => demo().auth)
