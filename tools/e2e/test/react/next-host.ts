import { nextMount } from '../../src/mounts/mounts.ts'
import type { PageHost } from './app.ts'

/** Serves the page `/session` of the example app on Next, which renders its first state. */
export const nextHost: PageHost = {
  async start(auth) {
    const setup = {
      routes: [],
      get auth() {
        return auth()
      },
    }
    const { origin, close } = await nextMount.start(setup)
    return { origin: origin.replace('127.0.0.1', 'localhost'), close }
  },
}
