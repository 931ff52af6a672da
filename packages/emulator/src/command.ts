#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Emulator, startEmulator } from './start-emulator.ts'

const usage = `Usage: npx @latchkey/emulator [options]

Runs Wristband, Wink and Wise on this computer, and prints what to configure.

  --wristband-port <n>   4001 by default, or WRISTBAND_EMULATOR_PORT
  --wink-port <n>        4002 by default, or WINK_EMULATOR_PORT
  --wise-port <n>        4003 by default, or WISE_EMULATOR_PORT
  --redirect-uri <uri>   accepts this callback and no others but those named; may be repeated.
                         By default every callback on this computer.
  --tls-key <file>       speaks https with this key and certificate (PEM), which must be good for
  --tls-cert <file>      localhost and *.localhost, such as those of mkcert
  --wristband-url <url>  the public origin of a proxy or tunnel before it that passes Host on,
  --wink-url <url>       such as https://wristband.example; Wristband also needs its subdomains
  --wise-url <url>
  --help                 prints this
`

const ports = {
  wristband: { option: 'wristband-port', variable: 'WRISTBAND_EMULATOR_PORT', port: 4001 },
  wink: { option: 'wink-port', variable: 'WINK_EMULATOR_PORT', port: 4002 },
  wise: { option: 'wise-port', variable: 'WISE_EMULATOR_PORT', port: 4003 },
} as const

const given = readOptions()
if (given.help === true) process.stdout.write(usage)
else await run()

async function run(): Promise<void> {
  const emulator = await start()
  emulator.wise.switches.unknownUser = 'create'
  process.stdout.write(description(emulator))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close())
}

function readOptions() {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        'redirect-uri': { type: 'string', multiple: true },
        ...{ 'wristband-port': text, 'wink-port': text, 'wise-port': text },
        ...{ 'wristband-url': text, 'wink-url': text, 'wise-url': text },
        ...{ 'tls-key': text, 'tls-cert': text },
      },
    }).values
  } catch (error) {
    return fail(`${messageOf(error)}\n\n${usage}`)
  }
}

async function start(): Promise<Emulator> {
  const redirectUris = given['redirect-uri']
  const at = { wristband: portOf('wristband'), wink: portOf('wink'), wise: portOf('wise') }
  const tls = readTls()
  try {
    return await startEmulator({
      wristband: { port: at.wristband, publicUrl: given['wristband-url'], redirectUris },
      wink: { port: at.wink, publicUrl: given['wink-url'], redirectUris },
      wise: { port: at.wise, publicUrl: given['wise-url'] },
      tls,
    })
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number }
    const taken = (['wristband', 'wink', 'wise'] as const).find((name) => at[name] === port)
    if (code !== 'EADDRINUSE' || taken === undefined || port === undefined) return fail(messageOf(error))
    const { option, variable } = ports[taken]
    return fail(
      `Port ${port} is taken, perhaps by another emulator. Stop what listens there, or choose another port: --${option} ${port + 10}, or ${variable}=${port + 10}`,
    )
  }
}

function readTls(): { readonly key: string; readonly cert: string } | undefined {
  const { 'tls-key': key, 'tls-cert': cert } = given
  if (key === undefined && cert === undefined) return undefined
  if (key === undefined || cert === undefined) return fail('--tls-key and --tls-cert go together.')
  try {
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch (error) {
    return fail(messageOf(error))
  }
}

function portOf(system: keyof typeof ports): number {
  const { option, variable, port } = ports[system]
  const [name, value] = given[option] === undefined ? [variable, process.env[variable]] : [`--${option}`, given[option]]
  if (value === undefined || value === '') return port
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) return fail(`${name} must be a port number.`)
  return Number(value)
}

function description({ wristband, wink, wise }: Emulator): string {
  const registered = [...wristband.application.redirectUris]
  return `Wristband  ${wristband.url}
Wink       ${wink.url}
Wise       ${wise.url}

Registered: ${
    registered.length === 0
      ? 'every callback, sign-out page and web origin on this computer (--redirect-uri names others)'
      : `the callbacks ${registered.join(' ')}`
  }
Users: Ada, Bob and Grace at acme, Gina at globex, Mallory at evil; sign in by a button

Set these in your app. They are examples and open nothing but this emulator:
WRISTBAND_APPLICATION_DOMAIN=${wristband.applicationDomain}
WRISTBAND_CLIENT_ID=${wristband.clientId}
WRISTBAND_CLIENT_SECRET=${wristband.clientSecret}
WRISTBAND_TENANT=${wristband.tenants.acme.name}
WRISTBAND_TENANT_ID=${wristband.tenants.acme.id}
WRISTBAND_TENANT_IDS=${Object.values(wristband.tenants)
    .map(({ name, id }) => `${name}=${id}`)
    .join(',')}
WINK_API_URL=${wink.apiUrl}
WINK_AUTH_URL=${wink.authUrl}
WINK_CLIENT_ID=${wink.clientId}
WINK_CLIENT_SECRET=${wink.clientSecret}
WISE_WHITE_LABEL_URL=${wise.whiteLabelUrl}
WISE_JWT_TOKEN_SECRET=${wise.jwtTokenSecret}
`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function fail(reason: string): never {
  process.stderr.write(`${reason.trimEnd()}\n`)
  process.exit(1)
}
