import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'
import { now, withClaims, without } from '../../test/vendor.ts'

const journeys = createJourneys()
const { client, completed } = journeys

async function accessToken(): Promise<string> {
  return (await completed()).tokens.accessToken ?? ''
}

describe('userinfo', () => {
  it('describes the user of an access token', async () => {
    expect(await client().userinfo(await accessToken())).toEqual({
      sub: 'user-1',
      tnt_id: 'id-of-acme',
      app_id: 'example-app',
      idp_name: 'wristband',
      name: 'Ada Example',
    })
  })

  it('refuses an answer about someone else', async () => {
    const token = await accessToken()
    journeys.vendor.behaviour.userinfo = (claims) => ({ ...claims, sub: 'user-2' })
    await expect(client().userinfo(token)).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
  })

  it('sends no one a token that is not the vendor’s, has expired or is about no one', async () => {
    const token = await accessToken()
    let aboutNoOne = ''
    journeys.vendor.behaviour.accessToken = withClaims(without('sub'))
    journeys.vendor.behaviour.tokenResponse = (body) => {
      aboutNoOne = String(body.access_token)
      return body
    }
    await journeys.refusal()
    journeys.vendor.reset()
    await expect(client().userinfo('an-opaque-token')).rejects.toMatchObject({ code: 'oidc/token_malformed' })
    await expect(client().userinfo(aboutNoOne)).rejects.toMatchObject({ code: 'oidc/subject_missing' })
    journeys.time = now + 1800
    await expect(client().userinfo(token)).rejects.toMatchObject({ code: 'oidc/token_expired' })
    expect(journeys.vendor.calls()).toEqual([])
  })
})
