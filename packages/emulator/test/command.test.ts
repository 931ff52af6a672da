import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, listen } from '@latchkey/tool-test-support'
import { afterEach, describe, expect, it } from 'vitest'

const command = join(import.meta.dirname, '../src/command.ts')
let running: ChildProcess | undefined
afterEach(() => void running?.kill())

/** Runs the command until it ends, or has printed the last of the variables. */
function run(options: readonly string[], variables: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=latchkey:source', command, ...options], {
    env: { ...process.env, ...anyPorts, ...variables },
  })
  running = child
  const printed = { stdout: '', stderr: '' }
  return new Promise((resolve) => {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        printed[name] += chunk
        if (printed.stdout.includes('WISE_JWT_TOKEN_SECRET=')) resolve({ ...printed, code: null })
      })
    }
    child.on('close', (code) => resolve({ ...printed, code }))
  })
}

interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

const anyPorts = { WRISTBAND_EMULATOR_PORT: '0', WINK_EMULATOR_PORT: '0', WISE_EMULATOR_PORT: '0' }

describe('the command', () => {
  it('prints what is registered, and the variables that the guides read', async () => {
    const { stdout } = await run([])
    expect(stdout).toContain('Registered: every callback, sign-out page and web origin on this computer')
    expect([...stdout.matchAll(/^([A-Z_]+)=\S+$/gm)].map(([, name]) => name)).toEqual([
      ...['WRISTBAND_APPLICATION_DOMAIN', 'WRISTBAND_CLIENT_ID', 'WRISTBAND_CLIENT_SECRET', 'WRISTBAND_TENANT'],
      ...[
        'WRISTBAND_TENANT_ID',
        'WRISTBAND_TENANT_IDS',
        'WINK_API_URL',
        'WINK_AUTH_URL',
        'WINK_CLIENT_ID',
        'WINK_CLIENT_SECRET',
      ],
      ...['WISE_WHITE_LABEL_URL', 'WISE_JWT_TOKEN_SECRET'],
    ])
  })

  it('prints the values that the guides print', async () => {
    const { stdout } = await run([])
    const [, domain = ''] = /^WRISTBAND_APPLICATION_DOMAIN=(.+)$/m.exec(stdout) ?? []
    const guides = ['express', 'fastify', 'nestjs', 'nextjs'].map((name) =>
      readFileSync(join(import.meta.dirname, `../../../docs/guides/${name}.md`), 'utf8'),
    )
    const values = guides.flatMap((guide) => guide.match(/^(?:WRISTBAND|WINK|WISE)_[A-Z_]+=.+$/gm) ?? [])
    expect(values.length).toBeGreaterThan(16)
    expect(values.filter((value) => !stdout.includes(`\n${value.replace('localhost:4001', domain)}\n`))).toEqual([])
  })

  it('prints the callbacks that are named, and the public addresses', async () => {
    const uri = 'https://app.example/callback'
    const { stdout } = await run(['--redirect-uri', uri, '--wristband-url', 'https://wristband.example'])
    expect(stdout).toContain(`Registered: the callbacks ${uri}\n`)
    expect(stdout).toContain('WRISTBAND_APPLICATION_DOMAIN=wristband.example\n')
  })

  it('says what to do when a port is taken', async () => {
    const { port, close } = await listen(() => {})
    const { stderr, code } = await run(['--wink-port', String(port)])
    await close()
    expect(code).toBe(1)
    expect(stderr).toBe(
      `Port ${port} is taken, perhaps by another emulator. Stop what listens there, or choose another port: --wink-port ${port + 10}, or WINK_EMULATOR_PORT=${port + 10}\n`,
    )
  })

  it.each([
    [['--wristbandport', '1'], /Unknown option '--wristbandport'[^]*Usage: npx @latchkey\/emulator/],
    [['extra'], /Unexpected argument 'extra'/],
    [['--wise-port', 'many'], /^--wise-port must be a port number\.\n$/],
    [['--tls-key', 'key.pem'], /^--tls-key and --tls-cert go together\.\n$/],
    [['--tls-key', 'none.pem', '--tls-cert', 'none.pem'], /ENOENT.*none\.pem/],
    [['--wise-url', 'learn.example'], /publicUrl must be an origin/],
  ])('refuses %j in a sentence', async (options, sentence) => {
    const { stderr, stdout, code } = await run(options)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toContain('    at ')
  })

  it('explains itself', async () => {
    const { stdout, code } = await run(['--help'])
    expect(code).toBe(0)
    for (const option of ['--redirect-uri', '--tls-cert', '--wink-url', '--wise-port']) expect(stdout).toContain(option)
  })

  it('takes ports from options before variables', async () => {
    const port = await freePort()
    const { stdout } = await run(['--wise-port', String(port)], { WISE_EMULATOR_PORT: 'no port' })
    expect(stdout).toContain(`WISE_WHITE_LABEL_URL=http://localhost:${port}\n`)
  })
})
