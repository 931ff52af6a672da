import { assertEqual } from '../assertion.ts'
import type { TestAnswer } from '../browser/test-browser.ts'
import type { AdapterTest } from './adapter-test.ts'
import type { ExampleBrowser } from './example-browser.ts'
import { protectedMarker } from './example-routes.ts'
import { expectUncached, expectUntouched, expectUser } from './expectations.ts'

/** Streams, and connections that break off. */
export const transportContract: readonly AdapterTest[] = [
  {
    title: 'streams what the app streams, chunk by chunk',
    async run({ start }) {
      const app = await start()
      expectUntouched(await readStream(app.browser(), app.path('/stream'), app.release))
    },
  },
  {
    title: 'streams behind a requirement too, with the headers of a session',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      expectUncached(await readStream(browser, app.path('/protected-stream'), app.release))
    },
  },
  {
    title: 'that breaks off hurts nobody else',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '1000' }
      await breakOff((signal) =>
        browser.fetch(`${app.basePath}/example/fields`, { method: 'POST', headers, body: 'name=', signal }),
      )
      await breakOff((signal) =>
        browser.fetch(app.path('/echo'), {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: '{',
          signal,
        }),
      )
      await breakOff((signal, stop) => browser.fetch(app.path('/protected-stream'), { signal, onChunk: stop }))
      app.release()
      expectUser(await browser.fetch(app.path('/protected')), 'ada')
      const fields = await browser.submit(`${app.basePath}/example/fields`, { name: 'a' })
      assertEqual(fields.text, '{"name":"a"}', 'what is answered after it')
    },
  },
]

/** Reads a stream whose second chunk is sent only when the first has arrived. */
async function readStream(browser: ExampleBrowser, target: string, release: () => void): Promise<TestAnswer> {
  const answer = await browser.fetch(target, { onChunk: release })
  assertEqual([answer.status, answer.text], [200, `first of ${protectedMarker}\nsecond\n`], 'what was streamed')
  return answer
}

/** Sends a request and breaks off: when it says so, else after a moment in which the server begins. */
async function breakOff(send: (signal: AbortSignal, stop: () => void) => Promise<unknown>): Promise<void> {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  const timer = setTimeout(stop, 200)
  const outcome = await send(controller.signal, stop).then(
    () => 'answered',
    () => 'broken off',
  )
  clearTimeout(timer)
  assertEqual(outcome, 'broken off', 'how the request ended')
}
