import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { signInWell, whoIsSignedIn } from '../journeys.ts'
import type { Module, Plan, World } from '../module.ts'
import { openBrowser } from '../open-browser.ts'
import { registration } from '../provider/registration.ts'

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

export const backChannelLogout: Plan = {
  name: 'Back-channel logout',
  prefix: 'oidcc-client-test-rp-backchannel-rpinitlogout',
  modules: [
    {
      id: 'K1',
      name: '',
      misbehaviour: 'none',
      required: 'answers 200, ends the other session too',
      knobs: { metadata: () => {} },
      async run(world) {
        assert.deepEqual(await signOutElsewhere(world), { status: 200, body: '' })
        assert.equal(await whoIsSignedIn(world), null, 'the session has not ended')
      },
    },
    refusing({
      id: 'K2',
      name: '-alg-none',
      misbehaviour: 'logout token: `alg` none',
      knobs: { logoutTokenSignedBy: 'none' },
    }),
    refusing({
      id: 'K3',
      name: '-no-event',
      misbehaviour: 'logout token without `events`',
      knobs: { logoutToken: (claims) => delete claims['events'] },
    }),
    refusing({
      id: 'K4',
      name: '-with-nonce',
      misbehaviour: 'logout token with a `nonce`',
      knobs: { logoutToken: (claims) => (claims['nonce'] = 'a-nonce') },
    }),
    refusing({
      id: 'K5',
      name: '-wrong-alg',
      misbehaviour: 'logout token: PS256, ES256 (keys published), HS256 (client secret)',
      knobs: [
        { logoutTokenSignedBy: 'PS256' },
        { logoutTokenSignedBy: 'ES256' },
        { logoutTokenSignedBy: 'HS256 with the client secret' },
      ],
    }),
    refusing({
      id: 'K6',
      name: '-wrong-aud',
      misbehaviour: 'logout token: `aud` + "1"',
      knobs: { logoutToken: (claims) => (claims['aud'] += '1') },
    }),
    refusing({
      id: 'K7',
      name: '-wrong-event',
      misbehaviour: 'logout token: the name of the event + "1"',
      knobs: { logoutToken: (claims) => (claims['events'] = { [`${logoutEvent}1`]: {} }) },
    }),
    refusing({
      id: 'K8',
      name: '-wrong-iss',
      misbehaviour: 'logout token: `iss` + "1"',
      knobs: { logoutToken: (claims) => (claims['iss'] += '1') },
    }),
  ],
}

function refusing(module: Pick<Module, 'id' | 'name' | 'misbehaviour' | 'knobs'>): Module {
  return {
    ...module,
    required: 'answers 400, the other session lives',
    knobs: [module.knobs].flat().map((knobs) => ({ metadata: () => {}, ...knobs })),
    async run(world) {
      const { status, body } = await signOutElsewhere(world)
      assert.equal(status, 400, 'the status of the answer')
      assert(!world.provider.secrets().some((secret) => body.includes(secret)), 'the answer shows a secret')
      assert.notEqual(await whoIsSignedIn(world), null, 'the session has ended')
    },
  }
}

/**
 * The user signs in in two browsers, by one session of the provider, and signs out in the other one: the provider's page
 * ends its session, and its back end posts a logout token.
 */
async function signOutElsewhere(world: World): Promise<Answer> {
  const other = { ...world, browser: openBrowser(world.party.server, world.clock) }
  await signInWell(world)
  await signInWell(other)
  const left = await other.browser.submit('/auth/logout', { return_url: '/goodbye' })
  assert(left.location !== null, 'the sign-out leads nowhere')
  await other.browser.follow(left, ({ pathname }) => pathname === '/goodbye')
  assert.equal(world.provider.journal.count('logout'), 1, 'the number of sign-outs at the provider')
  assert.notEqual(await whoIsSignedIn(world), null, 'the session has ended before the token came')
  return postLogoutToken(world)
}

interface Answer {
  readonly status: number
  readonly body: string
}

/** No browser does: it has no cookie, and comes straight to the server. */
function postLogoutToken({ party, provider }: World): Promise<Answer> {
  const { pathname, host } = new URL(registration.backChannelLogoutUri)
  const outgoing = request(party.server + pathname, {
    method: 'POST',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
  })
  return new Promise<Answer>((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming
      text(incoming)
        .then((body) => {
          assert.match(headers['cache-control'] ?? '', /\bno-store\b/, 'the answer may be cached')
          assert.equal(headers['set-cookie'], undefined, 'the answer sets a cookie')
          resolve({ status, body })
        })
        .catch(reject)
    })
    outgoing.end(new URLSearchParams({ logout_token: provider.logoutToken() }).toString())
  })
}
