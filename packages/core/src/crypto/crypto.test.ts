import { createCipheriv, createHmac, hkdfSync } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { compactDecrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SealKey } from './keys.ts'
import * as node from './node.ts'
import * as web from './web.ts'

const implementations: Record<string, typeof node> = { node, web }
const each = Object.entries(implementations)
const pairs = each.flatMap(([sealer]) => each.map(([opener]) => ({ sealer, opener })))

const secret = 'an-example-secret-of-32-bytes-or-more'
const info = 'latchkey/1/example'
const header = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiVmo4QXA3TlY1SXU3In0'
const texts = ['', 'a', 'ab', 'abc', '{"name":"Zoë 😀"}', '\ufeffbyte order mark', 'x'.repeat(1912), 'é'.repeat(9000)]

describe.each(pairs)('what $sealer sealed and $opener opens', ({ sealer, opener }) => {
  const one = implementations[sealer] as typeof node
  const other = implementations[opener] as typeof node

  it.each(texts)('is the same text (%#)', async (text) => {
    const sealed = await one.seal(await one.deriveSealKey(secret, info), text)
    const key = await other.deriveSealKey(secret, info)
    expect(await other.open([key], sealed)).toEqual({ text, key })
  })

  it('is the same bytes', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => 255 - index)
    const sealed = await one.seal(await one.deriveSealKey(secret, info), bytes)
    const key = await other.deriveSealKey(secret, info)
    const opened = await other.openBytes([key], sealed)
    expect([Uint8Array.from(opened?.bytes ?? []), opened?.key]).toEqual([bytes, key])
    expect(await other.openBytes([key], `${sealed.slice(0, -1)}_`)).toBeNull()
  })

  it('is a signed text as well', async () => {
    const name = 'latchkey/1/example-mac'
    const ours = await one.mac(await one.deriveMacKey(secret, name), 'Zoë')
    expect(await other.mac(await other.deriveMacKey(secret, name), 'Zoë')).toBe(ours)
  })
})

describe.each(each)('sealing by %s', (_, implementation) => {
  const { deriveSealKey, seal, open } = implementation

  it('makes a standard compact JWE under one constant header', async () => {
    const key = await deriveSealKey(secret, info)
    const sealed = await seal(key, 'a text')
    expect(key.header).toBe(header)
    expect(sealed.split('.').map((part) => part.length)).toEqual([header.length, 0, 16, 8, 22])
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, derived(info, 32))
    expect(new TextDecoder().decode(plaintext)).toBe('a text')
    expect(protectedHeader).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: derived(`${info}/kid`, 9).toString('base64url'),
    })
  })

  it('opens what an earlier release sealed', async () => {
    const sealed = `${header}..4hxcHKF5U3Z7CwUI.EWWnV_92-RL_lEN9vFkHxJfPxw1oZgjPVE-jUw.uqBdLEaBsH0Lm_55gn_t8Q`
    const opened = await open([await deriveSealKey(secret, info)], sealed)
    expect(opened?.text).toBe('a text of an earlier release')
  })

  it('never seals twice the same way', async () => {
    const key = await deriveSealKey(secret, info)
    const sealed = await Promise.all(Array.from({ length: 600 }, async () => seal(key, 'a text')))
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(600)
    expect(new Set(sealed).size).toBe(600)
  })

  it('opens by the key that the header names, and says which', async () => {
    const keys = await Promise.all(['newest', 'older', 'oldest'].map(async (name) => deriveSealKey(secret, name)))
    const older = keys[1] as SealKey
    expect((await open(keys, await seal(older, 'a text')))?.key).toBe(older)
    expect(await open([], await seal(older, 'a text'))).toBeNull()
  })

  it('refuses keys of another purpose or secret, also under their own header', async () => {
    const key = await deriveSealKey(secret, info)
    const sealed = await seal(key, 'a text')
    const others = [await deriveSealKey(secret, `${info}2`), await deriveSealKey(`${secret}2`, info)]
    expect(await open(others, sealed)).toBeNull()
    for (const other of others) {
      expect(await open(others, sealed.replace(key.header, other.header))).toBeNull()
      expect(await open([{ ...other, header: key.header }], sealed)).toBeNull()
    }
  })

  it('refuses a purpose whose key another purpose shows as its kid', async () => {
    await expect((async () => deriveSealKey(secret, `${info}/kid`))()).rejects.toThrow(TypeError)
  })

  it('refuses every change of a single bit', async () => {
    const key = await deriveSealKey(secret, info)
    const sealed = await seal(key, 'a text of 20 letters')
    const changed = Array.from({ length: sealed.length * 8 }, (_bit, index) => flipBit(sealed, index))
    const opened = await Promise.all(changed.map(async (text) => open([key], text)))
    expect(opened.every((result) => result === null)).toBe(true)
    expect(await open([key], sealed)).not.toBeNull()
  })

  it('refuses other spellings of the same bytes', async () => {
    const key = await deriveSealKey(secret, info)
    const sealed = await seal(key, 'four')
    const [, , iv = '', ciphertext = '', tag = ''] = sealed.split('.')
    const spell = (...parts: string[]): string => [key.header, '', ...parts].join('.')
    expect(spell(iv, ciphertext, tag)).toBe(sealed)
    const respelt = [
      spell(iv, nextLetter(ciphertext), tag),
      spell(iv, ciphertext, nextLetter(tag)),
      spell(iv, `${ciphertext}==`, tag),
      spell(iv, ciphertext, `${tag}==`),
      ...[' ', '\n', '\t', '=', '.', '\u0000'].flatMap((extra) => [
        `${sealed}${extra}`,
        `${extra}${sealed}`,
        spell(iv, `${ciphertext}${extra}`, tag),
        spell(`${iv}${extra}`, ciphertext, tag),
      ]),
      spell(iv, ciphertext, tag).replaceAll('-', '+').replaceAll('_', '/').replace('..', '.e30.'),
    ]
    for (const text of respelt) expect(await open([key], text), text).toBeNull()
  })

  it('refuses a tag that was cut short', async () => {
    const key = await deriveSealKey(secret, info)
    const cipher = createCipheriv('aes-256-gcm', derived(info, 32), Buffer.alloc(12), { authTagLength: 4 })
    cipher.setAAD(Buffer.from(key.header))
    const ciphertext = cipher.update('a text', 'utf8', 'base64url') + cipher.final('base64url')
    const tag = cipher.getAuthTag().toString('base64url')
    expect(await open([key], `${key.header}..${'A'.repeat(16)}.${ciphertext}.${tag}`)).toBeNull()
  })

  it('answers null to anything else and never throws', async () => {
    const key = await deriveSealKey(secret, info)
    const junk = ['', '.', '....', key.header, `${key.header}..`, `${key.header}....`, `${key.header}..A.A.A`]
    for (const text of junk) expect(await open([key], text)).toBeNull()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await open([key], text)).toBeNull()
        expect(await open([key], `${key.header}..${text}`)).toBeNull()
      }),
      { numRuns: 50 },
    )
  })

  it('shows no key material when a key is printed', async () => {
    const key = await deriveSealKey(secret, info)
    const printed = `${inspect(key, { showHidden: true, depth: 9 })}${JSON.stringify(key)}`
    const bytes = derived(info, 32)
    expect(printed).not.toContain(secret)
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(printed).not.toContain(bytes.toString(encoding).slice(0, 8))
    }
  })
})

describe.each(each)('hashes by %s', (_, { decodeBase64url, deriveMacKey, importMacKey, mac, sha256 }) => {
  it('agrees with RFC 7515, appendix A.1', async () => {
    const key = decodeBase64url(
      'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    )
    const signingInput =
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
    expect(await mac(await importMacKey(key as Uint8Array), signingInput)).toBe(
      'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    )
  })

  it('agrees with RFC 7636, appendix B', async () => {
    expect(await sha256('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('derives a key of its own for each purpose', async () => {
    const expected = createHmac('sha256', derived(info, 32)).update('data').digest('base64url')
    expect(await mac(await deriveMacKey(secret, info), 'data')).toBe(expected)
    expect(await mac(await deriveMacKey(secret, `${info}2`), 'data')).not.toBe(expected)
  })

  it.each([32, 63, 64, 65, 200])("makes Node's own HMAC of any text by a key of %i bytes", async (length) => {
    const bytes = Uint8Array.from({ length }, (_byte, index) => index * 7)
    const key = await importMacKey(bytes)
    const texts = ['', 'a', 'Zoë', '𝔸', 'é'.repeat(40), ...[55, 56, 64, 4096, 70_000].map((size) => 'a'.repeat(size))]
    for (const text of [...texts, ...texts]) {
      expect(await mac(key, text)).toBe(createHmac('sha256', bytes).update(text).digest('base64url'))
    }
  })

  it('refuses a key that is shorter than the hash', async () => {
    await expect((async () => importMacKey(new Uint8Array(31)))()).rejects.toThrow(TypeError)
    expect(await importMacKey(new Uint8Array(32))).toMatchObject({ kind: 'mac' })
  })
})

describe.each(each)('base64url by %s', (_, { decodeBase64url, encodeBase64url }) => {
  it('gives back every sequence of bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64url(text)).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  it('encodes a part of a larger buffer, and texts as UTF-8', () => {
    expect(encodeBase64url(new Uint8Array([0, 1, 2, 3]).subarray(1, 3))).toBe('AQI')
    expect(encodeBase64url('ë😀')).toBe('w6vwn5iA')
  })

  it('decodes into memory of its own', () => {
    expect(decodeBase64url('AQI')?.buffer.byteLength).toBe(2)
  })

  it('refuses every text that an encoder would not have written', () => {
    // The last two are B and - where a decoder takes eight bits of each.
    const letters = [...'ABQTVgwxy048-_', '=', '+', '/', ' ', '\n', 'é', '.', '\u0142', '\u012d']
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 }), (text) => {
        const canonical = Buffer.from(text, 'base64url').toString('base64url') === text
        expect(decodeBase64url(text) !== null).toBe(canonical)
      }),
      { numRuns: 2000 },
    )
  })
})

function derived(label: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', label, length))
}

function flipBit(text: string, index: number): string {
  const at = index >> 3
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (index & 7))) + text.slice(at + 1)
}

/** The same bytes: only the bits that a decoder ignores differ. */
function nextLetter(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const respelt = text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) as string) + 1]
  expect(Buffer.from(respelt, 'base64url')).toEqual(Buffer.from(text, 'base64url'))
  return respelt
}
