import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '@latchkey/core/provider'

/** Vectors of others, beside the project: Wycheproof and the cookbook of RFC 7520. */
const folder = join(import.meta.dirname, '../../../../shared/vectors')

/** Whether the vectors are there. */
export const hasVectors: boolean = existsSync(join(folder, 'wycheproof'))

/** One vector of Wycheproof, with the keys of its group as a JWKS. */
export interface WycheproofVector {
  readonly id: number
  readonly comment: string
  readonly isValid: boolean
  /** Public where they are asymmetric. */
  readonly keys: JsonObject
  readonly jws?: string
  readonly jwe?: string
}

/** Every vector of a file of Wycheproof. */
export function wycheproof(name: string): readonly WycheproofVector[] {
  const file = readJson(`wycheproof/json_web_${name}_test.json`) as WycheproofFile
  return file.testGroups.flatMap(({ tests, public: publicKey, private: privateKey }) => {
    const key = publicKey ?? privateKey
    const keys = 'keys' in key ? key : { keys: [key] }
    return tests.map(({ tcId, comment, result, jws, jwe }) => ({
      id: tcId,
      comment,
      isValid: result === 'valid',
      keys,
      ...(jws !== undefined && { jws }),
      // Some are in the JSON form.
      ...(jwe !== undefined && { jwe: typeof jwe === 'string' ? jwe : JSON.stringify(jwe) }),
    }))
  })
}

/** An example of the cookbook. */
export interface CookbookExample {
  readonly name: string
  readonly key: JsonObject
  /** Undefined where the example has none. */
  readonly compact: string | undefined
}

/** The examples of a folder of the cookbook that have one key. */
export function cookbook(name: string): readonly CookbookExample[] {
  return globSync(`rfc7520/${name}/*.json`, { cwd: folder })
    .sort()
    .map((path) => {
      const { input, output } = readJson(path) as CookbookFile
      return { name: path.replace(/^.*\//, ''), key: input.key, compact: output.compact }
    })
}

/** The examples of other RFCs. */
export function rfcVectors(): RfcVectors {
  return readJson('rfc-vectors.json') as RfcVectors
}

interface WycheproofFile {
  readonly testGroups: readonly {
    readonly public?: JsonObject
    readonly private: JsonObject
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly result: string
      readonly jws?: string
      readonly jwe?: string | object
    }[]
  }[]
}

interface CookbookFile {
  readonly input: { readonly key: JsonObject }
  readonly output: { readonly compact?: string }
}

interface RfcVectors {
  readonly jws_hs256: { readonly k: string; readonly jws: string }
  readonly jws_es256: { readonly jwk: JsonObject; readonly jws: string }
  readonly jws_none: { readonly jws: string }
  readonly at_hash: { readonly access_token: string; readonly at_hash_sha256: string }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'))
}
