import type { JsonWebKey } from 'node:crypto'
import { listen } from '@latchkey/tool-test-support'
import type { SigningKey } from '../provider/signing-keys.ts'

/** A JWKS endpoint that counts. */
export interface KeyServer {
  readonly jwksUri: string
  readonly fetches: number
  /** Answers these keys from now on, by their `kid`. */
  publish(keys: Readonly<Record<string, SigningKey>>): void
  /** Answers 503 from now on. */
  fail(): void
  close(): Promise<void>
}

export async function startKeyServer(keys: Readonly<Record<string, SigningKey>>): Promise<KeyServer> {
  let published: readonly JsonWebKey[] | null = asDocument(keys)
  let fetches = 0
  const server = await listen(
    async (_incoming, outgoing) => {
      fetches += 1
      outgoing.writeHead(published === null ? 503 : 200, { 'content-type': 'application/json' })
      outgoing.end(JSON.stringify(published === null ? {} : { keys: published }))
    },
    (error) => process.emitWarning(String(error)),
  )
  return {
    jwksUri: `${server.origin}/jwks`,
    get fetches() {
      return fetches
    },
    publish(next) {
      published = asDocument(next)
    },
    fail() {
      published = null
    },
    close: server.close,
  }
}

function asDocument(keys: Readonly<Record<string, SigningKey>>): readonly JsonWebKey[] {
  return Object.entries(keys).map(([kid, { jwk }]) => ({ ...jwk, kid, alg: 'RS256', use: 'sig' }))
}
