#!/usr/bin/env node
import { startEmulator } from './start-emulator.ts'

const emulator = await startEmulator({
  wristband: { port: portOf('WRISTBAND_EMULATOR_PORT', 4001) },
  wink: { port: portOf('WINK_EMULATOR_PORT', 4002) },
  wise: { port: portOf('WISE_EMULATOR_PORT', 4003) },
})
const { wristband, wink, wise } = emulator
wise.switches.unknownUser = 'create'

process.stdout.write(`Wristband  ${wristband.url}
Wink       ${wink.url}
Wise       ${wise.url}

Emulators on this computer; these examples open nothing else:
WRISTBAND_APPLICATION_DOMAIN=${wristband.applicationDomain}
WRISTBAND_CLIENT_ID=${wristband.clientId}
WRISTBAND_CLIENT_SECRET=${wristband.clientSecret}
WRISTBAND_TENANT=${wristband.tenants.acme.name}
WRISTBAND_TENANT_IDS=${Object.values(wristband.tenants)
  .map(({ name, id }) => `${name}=${id}`)
  .join(',')}
WINK_API_URL=${wink.apiUrl}
WINK_AUTH_URL=${wink.authUrl}
WINK_CLIENT_ID=${wink.clientId}
WINK_CLIENT_SECRET=${wink.clientSecret}
WISE_WHITE_LABEL_URL=${wise.whiteLabelUrl}
WISE_JWT_TOKEN_SECRET=${wise.jwtTokenSecret}
`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close())

function portOf(name: string, otherwise: number): number {
  const value = process.env[name]
  if (value === undefined || value === '') return otherwise
  const port = Number(value)
  if (!/^\d{1,5}$/.test(value) || port > 65_535) {
    process.stderr.write(`${name} must be a port number.\n`)
    process.exit(1)
  }
  return port
}
