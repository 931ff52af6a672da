// The client alone, in an app with sessions of its own; and options that no factory takes.
import { expectTypeOf } from 'vitest'
import {
  createWristbandClient,
  type WristbandIdentity,
  type WristbandTransaction,
  wristbandProvider,
} from '../src/index.ts'

const client = createWristbandClient({ clientId: 'a', clientSecret: 'b', applicationDomain: 'c.example' })

interface OwnSession {
  login?: WristbandTransaction
}

export async function begin(mine: OwnSession): Promise<URL> {
  const { url, transaction } = await client.startLogin({
    tenant: { name: 'acme' },
    redirectUri: 'https://app.example/callback',
  })
  mine.login = transaction
  // What a session of the app keeps.
  mine.login = JSON.parse(JSON.stringify(transaction)) as WristbandTransaction
  return url
}

export async function finish(mine: OwnSession, callback: URL): Promise<WristbandIdentity | null> {
  const result = await client.finishLogin(callback, mine.login ?? null)
  // @ts-expect-error not before it is known that the login was completed
  result.identity satisfies WristbandIdentity
  if (result.kind === 'restart') return null
  expectTypeOf(result.identity).toEqualTypeOf<WristbandIdentity>()
  return result.identity
}

export async function refused(): Promise<void> {
  // @ts-expect-error a tenant has a name or a domain
  await client.startLogin({ tenant: 'acme', redirectUri: 'https://app.example/callback' })
  // @ts-expect-error no transaction of ours
  await client.finishLogin(new URL('https://app.example'), { nonce: 'a' })
}

// @ts-expect-error no application domain
createWristbandClient({ clientId: 'a', clientSecret: 'b' })
// @ts-expect-error no tenancy
wristbandProvider({ client })
// @ts-expect-error one tenant that has no name
wristbandProvider({ client, tenancy: { kind: 'single' } })
// @ts-expect-error members of two kinds
wristbandProvider({ client, tenancy: { kind: 'subdomain', tenant: 'acme' } })
// @ts-expect-error a client and options
wristbandProvider({ client, clientId: 'a', tenancy: { kind: 'query' } })
// @ts-expect-error the client of another provider
wristbandProvider({ client: {}, tenancy: { kind: 'query' } })
