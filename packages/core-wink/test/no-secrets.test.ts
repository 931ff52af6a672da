import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { rejection } from './rejection.ts'
import { cancelUrl, clientOf, redirectUri } from './wink-client.ts'
import { type Answer, clientSecret, html, json, profile, standInForWink, type WinkStandIn } from './wink-stand-in.ts'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})

const canary = 'canary-of-the-vendor'
const faults: readonly (readonly [string, Answer])[] = [
  ['echoes the request', (response, { body, headers }) => json(response, { canary, body, headers }, 401)],
  ['echoes it as a good answer', (response, { body, headers }) => json(response, { canary, body, headers })],
  [
    'echoes it as an OAuth error',
    (response, { body }) => json(response, { error: 'invalid_client', error_description: body }, 401),
  ],
  [
    'echoes it in a redirect',
    (response, { body }) => void response.writeHead(307, { location: `/?${encodeURIComponent(body)}` }).end(),
  ],
  ['answers with a page', (response) => html(response, 403)],
  ['answers with text', (response, { body }) => void response.writeHead(500).end(canary + body)],
  ['answers with the profile of another', (response) => json(response, { ...profile, winkToken: canary })],
]

/** Everything that an error says anywhere, in any way of printing it. */
const allOf = (error: Error): string =>
  [
    inspect(error, { depth: null, showHidden: true, getters: true }),
    JSON.stringify(error),
    String(error),
    error.stack,
  ].join('\n')

describe.each(faults)('when Wink %s', (_, answer) => {
  it('no error tells a secret, a token, a code or what Wink said', async () => {
    const client = clientOf(wink)
    const { transaction } = await client.startLogin({ redirectUri, cancelUrl })
    const accessToken = await wink.accessToken()
    const idToken = await wink.idToken({ nonce: transaction.nonce })
    const callback = new URL(`${redirectUri}?code=canary-code&state=${encodeURIComponent(transaction.state)}`)
    const session = wink.answers.session

    wink.answers.session = answer
    wink.answers['verify-client'] = answer
    wink.answers.token = answer
    const errors = [
      await rejection(client.createSession({ returnUrl: redirectUri, cancelUrl })),
      await rejection(client.verifyAccessToken(accessToken)),
      await rejection(client.finishLogin(callback, transaction)),
      await rejection(client.finishBrowserLogin({ accessToken, idToken }, { ...transaction, sso: 'refused' })),
    ]
    wink.tokens({ accessToken, idToken })
    errors.push(await rejection(client.finishLogin(callback, transaction)))
    wink.answers.session = session

    const secrets = [clientSecret, accessToken, idToken, transaction.codeVerifier, transaction.nonce, 'canary']
    for (const error of errors) for (const secret of secrets) expect(allOf(error)).not.toContain(secret)
  })
})

it('shows no secret of its own when it is printed', () => {
  expect(inspect(clientOf(wink), { depth: null, showHidden: true })).not.toContain(clientSecret)
})
