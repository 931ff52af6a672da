import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { accessTokenHash } from './id-token.ts'

it('makes the hash of the example in OpenID Connect Core, appendix A.4', async () => {
  expect(await accessTokenHash('Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk', 'RS256')).toBe(
    'LDktKdoQak3Pk0cnXxCltA',
  )
})

it.each([
  ['PS384', 'sha384', 24],
  ['ES512', 'sha512', 32],
  ['EdDSA', 'sha512', 32],
  ['Ed25519', 'sha512', 32],
])('takes the hash of %s', async (algorithm, hash, bytes) => {
  const expected = createHash(hash).update('example').digest().subarray(0, bytes).toString('base64url')
  expect(await accessTokenHash('example', algorithm)).toBe(expected)
})
