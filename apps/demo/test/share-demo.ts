import { test } from 'vitest'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

// oxlint-disable-next-line no-empty-pattern -- Vitest reads there what the fixture needs
const inWorker = test.extend('demo', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const demo = await startDemoProcess()
  onCleanup(async () => {
    await demo.stop()
  })
  return demo
})

/**
 * Gives a suite a demo before its tests: the one that all files of a worker share. It is for tests that other tests do not
 * notice: no other clock, no faults, no stop, no reading of journeys from several browsers, and Ada's and Bob's faces stay
 * linked to their own accounts. A suite that does more starts a demo of its own.
 */
export function shareDemo(receive: (demo: DemoProcess) => void): void {
  inWorker.beforeAll(({ demo }) => receive(demo))
}
