import {
  importPublicKey,
  isJsonObject,
  ownMember,
  type PublicKey,
  type SignatureAlgorithm,
} from '@latchkey/core/crypto'
import type { Awaitable, JsonObject } from '@latchkey/core/provider'

const maximumKeys = 100

/** The keys of one JWKS document. */
export interface KeySet {
  /**
   * The key of that `kid`; without a `kid`, the one key that fits the algorithm. Null where none fits, or several do.
   */
  find(algorithm: SignatureAlgorithm, keyId: string | undefined): Awaitable<PublicKey | null>
}

/**
 * Reads a JWKS document. Keys of other kinds, private and symmetric ones among them, are left out when keys are looked
 * for.
 *
 * @returns Null for a document that is none, or has more than 100 keys.
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function readKeySet(document: unknown): KeySet | null {
  const entries = isJsonObject(document) ? ownMember(document, 'keys') : undefined
  if (!Array.isArray(entries) || entries.length > maximumKeys) return null
  const jwks = entries.filter(isJsonObject)
  const imports = new Map<SignatureAlgorithm, Promise<KeyIndex>>()
  const indexes = new Map<SignatureAlgorithm, KeyIndex>()
  const importOnce = async (algorithm: SignatureAlgorithm): Promise<KeyIndex> => {
    const imported = imports.get(algorithm) ?? indexKeys(jwks, algorithm)
    imports.set(algorithm, imported)
    indexes.set(algorithm, await imported)
    return imported
  }
  return {
    find(algorithm, keyId) {
      const index = indexes.get(algorithm)
      // Every token asks: what is at hand is no promise.
      return index ? keyIn(index, keyId) : importOnce(algorithm).then((imported) => keyIn(imported, keyId))
    },
  }
}

function keyIn({ all, byId }: KeyIndex, keyId: string | undefined): PublicKey | null {
  const candidates = keyId === undefined ? all : byId.get(keyId)
  return candidates?.length === 1 ? (candidates[0] ?? null) : null
}

interface KeyIndex {
  readonly all: readonly PublicKey[]
  readonly byId: ReadonlyMap<string, readonly PublicKey[]>
}

async function indexKeys(jwks: readonly JsonObject[], algorithm: SignatureAlgorithm): Promise<KeyIndex> {
  const all: PublicKey[] = []
  const byId = new Map<string, PublicKey[]>()
  for (const jwk of jwks) {
    const key = await importUsable(jwk, algorithm)
    if (key === null) continue
    all.push(key)
    const keyId = ownMember(jwk, 'kid')
    if (typeof keyId === 'string') byId.set(keyId, [...(byId.get(keyId) ?? []), key])
  }
  return { all, byId }
}

/** What says for what a key is meant may be null, which says nothing. What makes the key may not. */
function withoutNull(jwk: JsonObject): JsonObject {
  const optional = ['alg', 'use', 'key_ops', 'kid']
  return Object.fromEntries(Object.entries(jwk).filter(([name, value]) => value !== null || !optional.includes(name)))
}

async function importUsable(jwk: JsonObject, algorithm: SignatureAlgorithm): Promise<PublicKey | null> {
  try {
    return await importPublicKey(withoutNull(jwk), algorithm)
  } catch {
    return null
  }
}
