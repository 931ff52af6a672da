/** The two functions of a test runner that the suites need. Those of `node:test`, Vitest, Jest and Mocha fit. */
export interface TestRunner {
  /** Groups tests. */
  readonly describe: (name: string, declare: () => void) => unknown
  /** Runs a test, which fails by rejecting. */
  readonly it: (name: string, run: () => Promise<void>) => unknown
}
