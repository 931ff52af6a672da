import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What came of running tests. */
export type TestRun =
  | { readonly kind: 'passed' }
  /** The first test that failed, by its whole name. */
  | { readonly kind: 'failed'; readonly test: string }
  /** They did not run, or not to their end: that proves nothing. */
  | { readonly kind: 'broken' | 'late'; readonly output: string }

interface Report {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Runs files of tests of one package, until one fails or the time is over. */
export async function runTests(
  root: string,
  { folder, tests, seconds }: { readonly folder: string; readonly tests: readonly string[]; readonly seconds: number },
): Promise<TestRun> {
  const file = join(root, 'mutant-report.json')
  rmSync(file, { force: true })
  const reporter = ['--reporter=json', `--outputFile=${file}`, '--bail=1']
  // Sooner than the time for all of them: a test that a mutant keeps waiting has failed.
  const timeout = `--testTimeout=${(seconds / 4) * 1000}`
  const parameters = ['run', '--config', join(root, 'vitest.config.ts'), ...reporter, timeout, ...tests]
  const { code, output } = await run(join(root, 'node_modules/vitest/vitest.mjs'), parameters, {
    cwd: join(root, folder),
    seconds,
  })
  if (code === null) return { kind: 'late', output }
  const report = readReport(file)
  const results = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
  const failed = results.find(({ status }) => status === 'failed')
  if (failed !== undefined) return { kind: 'failed', test: failed.fullName }
  return code === 0 && report !== null && report.numTotalTests > 0 ? { kind: 'passed' } : { kind: 'broken', output }
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null
  }
}

/** Runs a script of Node in a group of its own, all of which is ended when its time is over; the code is null then. */
async function run(
  script: string,
  parameters: readonly string[],
  { cwd, seconds }: { readonly cwd: string; readonly seconds: number },
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [script, ...parameters], { cwd, detached: true })
  let output = ''
  const add = (chunk: Buffer): void => {
    output = (output + String(chunk)).slice(-4000)
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, seconds * 1000)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearTimeout(timer)
  return { code, output }
}
