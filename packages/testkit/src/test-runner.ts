/** The two functions of a test runner that the suites need. Those of vitest, `node:test`, Jest and Mocha fit. */
export interface TestRunner {
  /** Groups tests. */
  describe(title: string, suite: () => void): unknown
  /** Runs a test, which fails by rejecting. */
  it(title: string, test: () => Promise<void>): unknown
}
