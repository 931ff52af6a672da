import { expect, it } from 'vitest'
import { createApp, refusalOf } from './app.ts'
import { accessTokenOf, createBearerVendor, withBearer } from './bearer-vendor.ts'

const mostCharacters = 16_384

it.each([
  [mostCharacters, 'not refused', 1],
  // Of four lengths in a row, base64url has three.
  [mostCharacters + 1, 'auth/bearer_invalid', 0],
  [mostCharacters + 2, 'auth/bearer_invalid', 0],
  [mostCharacters + 3, 'auth/bearer_invalid', 0],
  [mostCharacters + 4, 'auth/bearer_invalid', 0],
])('a header of %i characters is %s', async (characters, outcome, verified) => {
  const vendor = createBearerVendor('acme')
  const { auth } = createApp({ providers: [vendor.provider] })
  const token = accessTokenOf('acme')
  // The third part is no signature that this vendor looks at.
  const filled = token + 'A'.repeat(characters - 'Bearer '.length - token.length)
  expect(await refusalOf(auth.requireBearer(withBearer(filled)))).toBe(outcome)
  expect(vendor.verified).toHaveLength(verified)
})
