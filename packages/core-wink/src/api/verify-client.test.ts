import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clientOf } from '../../test/wink-client.ts'
import {
  type Answer,
  html,
  json,
  profile,
  standInForWink,
  subject,
  type WinkStandIn,
} from '../../test/wink-stand-in.ts'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})

describe('verify-client', () => {
  it.each<[string, string, Answer]>([
    ['401 with an empty body', 'wink/token_refused', (response) => void response.writeHead(401).end()],
    [
      '400 as problem+json',
      'wink/token_refused',
      (response) => void response.writeHead(400, { 'content-type': 'application/problem+json' }).end('{}'),
    ],
    [
      '401 as text',
      'wink/token_refused',
      (response) => void response.writeHead(401, { 'content-type': 'text/plain' }).end('no'),
    ],
    ['403 as JSON', 'wink/token_refused', (response) => json(response, {}, 403)],
    ['403 with a page', 'wink/verification_failed', (response) => html(response, 403)],
    ['404', 'wink/verification_failed', (response) => html(response, 404)],
    ['429', 'wink/verification_unavailable', (response) => json(response, {}, 429)],
    ['500 with a page', 'wink/verification_unavailable', (response) => html(response, 500)],
    ['503', 'wink/verification_unavailable', (response) => void response.writeHead(503).end()],
    ['200 with nothing in it', 'wink/verification_failed', (response) => json(response, {})],
    ['200 with null', 'wink/verification_failed', (response) => json(response, null)],
    [
      '200 with an empty Wink token',
      'wink/verification_failed',
      (response) => json(response, { ...profile, winkToken: '' }),
    ],
    [
      '200 with a number as name',
      'wink/verification_failed',
      (response) => json(response, { ...profile, firstName: 1 }),
    ],
    ['200 inside an envelope', 'wink/verification_failed', (response) => json(response, { data: profile })],
    [
      '200 of another user',
      'wink/profile_mismatch',
      (response) => json(response, { ...profile, winkToken: 'another' }),
    ],
    [
      '200 in other letters',
      'wink/profile_mismatch',
      (response) => json(response, { ...profile, winkToken: subject.toUpperCase() }),
    ],
    [
      '200 with another tag',
      'wink/profile_mismatch',
      (response) => json(response, { ...profile, winkTag: ';another' }),
    ],
  ])('%s is %s, and nobody is signed in', async (_, code, answer) => {
    wink.answers['verify-client'] = answer
    await expect(clientOf(wink).verifyAccessToken(await wink.accessToken())).rejects.toMatchObject({ code })
  })

  it('accepts a profile without a tag, and a token without one', async () => {
    wink.answers['verify-client'] = (response) => json(response, { ...profile, winkTag: null })
    await expect(clientOf(wink).verifyAccessToken(await wink.accessToken())).resolves.toMatchObject({ subject })
    wink.answers['verify-client'] = (response) => json(response, profile)
    const untagged = await wink.accessToken({ preferred_username: undefined })
    await expect(clientOf(wink).verifyAccessToken(untagged)).resolves.toMatchObject({
      profile: { tag: profile.winkTag },
    })
  })

  it('drops the client secret of the answer, and all that we do not know', async () => {
    wink.answers['verify-client'] = (response) => json(response, { ...profile, unknown: 'canary-unknown' })
    const identity = await clientOf(wink).verifyAccessToken(await wink.accessToken())
    expect(inspect(identity, { depth: null, showHidden: true })).not.toMatch(/canary/)
  })
})
