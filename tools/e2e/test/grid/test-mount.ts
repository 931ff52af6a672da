import { adapterContract, type Mount, protectedMarker, startExampleApp } from '@latchkey/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { openRawClient } from './raw-request.ts'
import { runGrid } from './run-grid.ts'

/** What is shown of one mount. */
export interface MountTestOptions {
  readonly users?: number
  /** Declares the grid alone, where a framework wants other paths than the contract expects. */
  readonly gridOnly?: true
}

/** Declares what is shown of one mount, and prints the counts. */
export function testMount(mount: Mount, { gridOnly, ...options }: MountTestOptions = {}): void {
  const counts = { tests: 0, requests: 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, none: 0, leaks: 0 }
  const counting = (test: () => Promise<void>) => async () => {
    await test()
    counts.tests++
  }
  if (!gridOnly) adapterContract({ describe, it: (title, test) => it(title, counting(test)), mount, ...options })

  describe(`the bypass grid on ${mount.name}`, () => {
    it('gets by nowhere', async () => {
      const { requests, answers, leaks, failures } = await runGrid(mount)
      Object.assign(counts, { requests, ...answers, leaks: leaks.length })
      expect(leaks).toEqual([])
      // Next fails by itself at what no `Request` can be: a TRACE, or one to `*`.
      expect(failures.filter((failure) => !/^TRACE | \*(?: |$)/.test(failure))).toEqual([])
    })

    it('would see it: who is signed in gets by', async () => {
      const app = await startExampleApp(mount)
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      const lines = [`Cookie: ${browser.cookies.header()}`]
      const client = openRawClient(app.mount.origin)
      const ask = (target: string) => client.send({ method: 'GET', target, lines })
      const first = await ask(app.path('/protected'))
      const [, respelt] = /^HTTP\/1\.1 308[^]*\nlocation: (\S+)/i.exec(first) ?? []
      const answer = respelt === undefined ? first : await ask(respelt)
      client.close()
      await app.mount.close()
      expect(answer).toContain(protectedMarker)
    })
  })

  afterAll(() => console.table({ [mount.name]: counts }))
}
