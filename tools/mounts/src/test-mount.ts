import { type Mount, mountContract, protectedMarker, startExampleApp } from '@latchkey/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { sendRaw } from './grid/raw-request.ts'
import { runGrid } from './grid/run-grid.ts'

/** Declares everything that is shown of one mount, and prints the counts. */
export function testMount(mount: Mount, options: { readonly people?: number } = {}): void {
  const counts = { tests: 0, requests: 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, none: 0, leaks: 0 }
  const counting = (test: () => Promise<void>) => async () => {
    await test()
    counts.tests++
  }
  mountContract({ describe, it: (title, test) => it(title, counting(test)), mount, ...options })

  describe(`the bypass grid on ${mount.name}`, () => {
    it('gets by nowhere', async () => {
      const { requests, answers, leaks } = await runGrid(mount)
      Object.assign(counts, { requests, ...answers, leaks: leaks.length })
      expect(leaks).toEqual([])
      expect(answers['5xx']).toBe(0)
    })

    it('would see it: who is signed in gets by', async () => {
      const app = await startExampleApp(mount)
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      const lines = [`Cookie: ${[...browser.cookies].map((pair) => pair.join('=')).join('; ')}`]
      const answer = await sendRaw(app.mount.origin, { method: 'GET', target: app.path('/protected'), lines })
      await app.mount.close()
      expect(answer).toContain(protectedMarker)
    })
  })

  afterAll(() => console.table({ [mount.name]: counts }))
}
