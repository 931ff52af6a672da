import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const nowhere = mkdtempSync(join(tmpdir(), 'latchkey-services-'))
afterAll(() => rmSync(nowhere, { recursive: true }))

// On a Mac the browser is found without PATH, and on any machine PostgreSQL, where its packages put it.
describe.skipIf(existsSync('/Applications'))('a machine without the services', () => {
  it('is told what is missing, and is not held up', () => {
    expect(install({ CI: '' })).toMatch(
      /^exit 0: (?:> .*\n)*(?:(?:Chromium|Redis|PostgreSQL) is not installed\. .*\nTests that need it are skipped\.\n){2,3}$/,
    )
  })

  it('fails under CI', () => {
    expect(install({ CI: 'true' })).toMatch(/^exit 1: (?:> .*\n)*Chromium is not installed\./)
  })
})

/** Runs the installer where there is neither a browser nor a way to get one. */
function install(environment: Readonly<Record<string, string>>): string {
  const options = {
    encoding: 'utf8',
    env: { ...environment, PATH: nowhere },
    stdio: 'pipe',
  } as const
  try {
    return `exit 0: ${execFileSync(process.execPath, [join(import.meta.dirname, 'install.ts')], options)}`
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string }
    return `exit ${status}: ${stdout}`
  }
}
