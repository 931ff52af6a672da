import { payload } from '../groups/reference.ts'
import type { Start } from './app-process.ts'

/** Does something 60,000 times; after each hundred the process has a turn, as a server has, and says what it collected. */
async function repeat(read: () => unknown): Promise<void> {
  for (let times = 1; times <= 60_000; times += 1) {
    await read()
    if (times % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Processes that read a session 60,000 times and do nothing else: what they use is asked then. */
export const apps: Readonly<Record<string, Start>> = {
  async floor() {
    const { createSealFloor } = await import('../floors/session.ts')
    const { seal, read } = createSealFloor(Buffer.alloc(32))
    const header = `s=${seal({ ...payload, exp: Date.now() + 3_600_000 })}`
    await repeat(() => read(header))
    return { port: 0 }
  },

  async latchkey() {
    const { createReferenceAuth, referenceCookie } = await import('../groups/reference-app.ts')
    const auth = createReferenceAuth()
    const headers = new Headers({ cookie: await referenceCookie(auth), host: 'app.example' })
    const request = { method: 'GET', url: '/', headers }
    await repeat(() => auth.requireSession(request))
    return { port: 0 }
  },
}
