import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { GroupOrder } from '../../src/harness/group-process.ts'
import { interleave } from '../../src/harness/interleave.ts'
import { load, type RunningApp, startApp } from '../../src/harness/start-app.ts'
import type { Kind, Row, Table } from '../../src/harness/table.ts'
import { payload, reference } from './reference.ts'

const connections = 16

const contenders: readonly (readonly [Kind, string])[] = [
  ['floor', 'floor'],
  ['ours', 'latchkey core-wristband'],
  ['ours', 'latchkey oidc'],
  ['peer', 'openid-client'],
  ['peer', 'oauth4webapi'],
  ['peer', 'express-openid-connect'],
  ['official', '@wristband/express-auth'],
]

const checked: readonly string[] = ['floor', 'latchkey core-wristband', '@wristband/express-auth']

/** Whole sign-ins over sockets, the app and an https provider in processes of their own: the CPU of the app. */
export async function tables({ rounds, size }: GroupOrder): Promise<readonly Table[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  const certificate = await selfSigned()
  const file = join(folder, 'certificate.pem')
  writeFileSync(file, certificate.cert)
  const environment = { NODE_EXTRA_CA_CERTS: file }
  const vendor = await startApp({ file: 'vendor', name: 'vendor', settings: certificate }, 1)
  const settings = { domain: `${reference.domain}:${vendor.port}` }
  const running: { readonly kind: Kind; readonly name: string; readonly app: RunningApp }[] = []
  const leftOut = ['@auth/core: it begins a sign-in by a form, so that it takes other requests']
  const count = size === 'full' ? 1000 : 300
  // So many that neither TLS handshakes nor V8's compiling make the figure.
  const before = 2 * count
  const chosen = size === 'check' ? contenders.filter(([, name]) => checked.includes(name)) : contenders
  try {
    for (const [kind, name] of chosen) {
      const app = await startApp({ file: 'sign-in', name, settings, environment }, connections)
      running.push({ kind, name, app })
      await check(app, name)
      await load(before, connections, async (index) => void (await signIn(app, index)))
    }
    const samplers = running.map(({ app }) => async () => {
      const { cpuMicroseconds } = await app.usage()
      await load(count, connections, async (index) => void (await signIn(app, index)))
      return ((await app.usage()).cpuMicroseconds - cpuMicroseconds) / count
    })
    const samples = await interleave(samplers, rounds)
    const rows = running.map(({ kind, name }, index): Row => ({ kind, name, samples: samples[index] ?? [] }))
    const goal = '≥ 2 × less than the official stack, and not above the best peer'
    return [{ operation: 'login and callback, CPU of the app', unit: 'µs', goal, rows, leftOut }]
  } finally {
    for (const { app } of [...running, { app: vendor }]) await app.stop()
    rmSync(folder, { recursive: true })
  }
}

async function selfSigned(): Promise<{ readonly cert: string; readonly key: string }> {
  const altNames = [{ type: 2, value: reference.domain }] as const
  const { cert, private: key } = await generate([{ name: 'commonName', value: reference.domain }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [...altNames] }],
  })
  return { cert, key }
}

/** Whoever signed in is the user of userinfo. */
async function check(app: RunningApp, name: string): Promise<void> {
  const { body } = await app.pool.request({ method: 'GET', path: '/me', headers: { cookie: await signIn(app, 0) } })
  const text = await body.text()
  if (text !== JSON.stringify({ email: payload.claims.email })) throw new Error(`${name} says ${text}`)
}

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' }

/** Signs in once, and returns the cookies of the session. */
async function signIn(app: RunningApp, index: number): Promise<string> {
  const visit = async (path: string, cookie: string): Promise<{ location: string; cookie: string }> => {
    const query = 'tenant_name=acme&tenant_domain=acme'
    const url = `${app.authPath ?? ''}${path}${path.includes('?') ? '&' : '?'}${query}`
    const headers = { ...navigation, host: 'app.example', cookie }
    const { statusCode, headers: answer, body } = await app.pool.request({ method: 'GET', path: url, headers })
    const text = await body.text()
    const lines = [answer['set-cookie'] ?? []].flat()
    if (statusCode >= 400 || lines.length === 0) throw new Error(`${path} is ${statusCode}: ${text.slice(0, 300)}`)
    const location = String(answer['location'])
    return { location, cookie: lines.map((line) => line.split(';', 1)[0]).join('; ') }
  }
  const begun = await visit('/login', 'none=1')
  const { searchParams } = new URL(begun.location)
  const code = Buffer.from(JSON.stringify({ nonce: searchParams.get('nonce') ?? undefined, index })).toString(
    'base64url',
  )
  const state = encodeURIComponent(searchParams.get('state') ?? '')
  return (await visit(`/callback?code=${code}&state=${state}`, begun.cookie)).cookie
}
