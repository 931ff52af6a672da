import assert from 'node:assert/strict'
import { accept, refuse, refuseToBegin, signInWell } from '../journeys.ts'
import type { Module, Plan, World } from '../module.ts'
import type { Misbehaviour } from '../provider/misbehaviour.ts'
import { registration } from '../provider/registration.ts'
import { callUserinfo } from './refresh.ts'

const modules: readonly Module[] = [
  { id: 'F2-1', name: 'happy-path', misbehaviour: 'none', required: 'signs in', knobs: {}, run: accept() },
  {
    id: 'F2-2',
    name: 'discovery-issuer-mismatch',
    misbehaviour: 'metadata: `issuer` + "1"',
    required: 'begins no sign-in',
    knobs: { metadata: (document) => (document['issuer'] += '1') },
    run: refuseToBegin('oidc/metadata_issuer_mismatch'),
  },
  {
    id: 'F2-3',
    name: 'invalid-iss',
    misbehaviour: 'ID token: `iss` + "1"',
    required: 'refuses',
    knobs: { idToken: (claims) => (claims['iss'] += '1') },
    run: refuse('oidc/issuer_mismatch'),
  },
  {
    id: 'F2-4',
    name: 'invalid-aud',
    misbehaviour: 'ID token: `aud` + "1"',
    required: 'refuses',
    knobs: { idToken: (claims) => (claims['aud'] += '1') },
    run: refuse('oidc/audience_mismatch'),
  },
  {
    id: 'F2-5',
    name: 'invalid-secondary-aud',
    misbehaviour: 'ID token: `aud` [client, "other"], no `azp`',
    required: 'refuses',
    knobs: { idToken: (claims) => (claims['aud'] = [registration.clientId, 'other']) },
    run: refuse('oidc/authorized_party_mismatch'),
  },
  {
    id: 'F2-6',
    name: 'invalid-null-alg',
    misbehaviour: 'ID token: `alg` none',
    required: 'refuses',
    knobs: { signedBy: 'none' },
    run: refuse('oidc/algorithm_not_allowed'),
  },
  {
    id: 'F2-7',
    name: 'invalid-alternate-alg',
    misbehaviour: 'ID token: PS256, ES256 (keys published), HS256 (client secret)',
    required: 'refuses each',
    knobs: [{ signedBy: 'PS256' }, { signedBy: 'ES256' }, { signedBy: 'HS256 with the client secret' }],
    run: refuse('oidc/algorithm_not_allowed'),
  },
  {
    id: 'F2-8',
    name: 'invalid-expired-exp',
    misbehaviour: 'ID token: `exp` 6 minutes ago',
    required: 'refuses',
    knobs: { idToken: (claims, now) => (claims['exp'] = now - 360) },
    run: refuse('oidc/token_expired'),
  },
  {
    id: 'F2-9',
    name: 'invalid-missing-exp',
    misbehaviour: 'ID token without `exp`',
    required: 'refuses',
    knobs: { idToken: (claims) => delete claims['exp'] },
    run: refuse('oidc/token_expired'),
  },
  {
    id: 'F2-10',
    name: 'invalid-missing-aud',
    misbehaviour: 'ID token without `aud`',
    required: 'refuses',
    knobs: { idToken: (claims) => delete claims['aud'] },
    run: refuse('oidc/audience_mismatch'),
  },
  {
    id: 'F2-11',
    name: 'invalid-missing-iss',
    misbehaviour: 'ID token without `iss`',
    required: 'refuses',
    knobs: { idToken: (claims) => delete claims['iss'] },
    run: refuse('oidc/issuer_mismatch'),
  },
  {
    id: 'F2-12',
    name: 'valid-aud-as-array',
    misbehaviour: 'none: `aud` [client]',
    required: 'signs in',
    knobs: { idToken: (claims) => (claims['aud'] = [registration.clientId]) },
    run: accept(),
  },
  {
    id: 'F2-13',
    name: 'invalid-nonce',
    misbehaviour: 'ID token: `nonce` + "1"',
    required: 'refuses',
    knobs: { idToken: (claims) => (claims['nonce'] += '1') },
    run: refuse('oidc/nonce_mismatch'),
  },
  {
    id: 'F2-14',
    name: 'invalid-missing-nonce',
    misbehaviour: 'ID token without `nonce`',
    required: 'refuses',
    knobs: { idToken: (claims) => delete claims['nonce'] },
    run: refuse('oidc/nonce_mismatch'),
  },
  {
    id: 'F2-15',
    name: 'invalid-authorization-response-iss',
    misbehaviour: 'callback: `iss` + "1"',
    required: 'refuses, no token request',
    knobs: { callback: (query) => query.set('iss', `${query.get('iss')}1`) },
    run: refuse('oidc/response_issuer_mismatch', 'callback'),
  },
  {
    id: 'F2-16',
    name: 'remove-authorization-response-iss',
    misbehaviour: 'callback without the promised `iss`',
    required: 'refuses, no token request',
    knobs: {
      metadata: (document) => (document['authorization_response_iss_parameter_supported'] = true),
      callback: (query) => query.delete('iss'),
    },
    run: refuse('oidc/response_issuer_mismatch', 'callback'),
  },
  {
    id: 'F2-17',
    name: 'ensure-authorization-response-with-invalid-state-fails',
    misbehaviour: 'callback: `state` + "1"',
    required: 'refuses, no token request',
    knobs: { callback: (query) => query.set('state', `${query.get('state')}1`) },
    run: refuse('wristband/invalid_state', 'callback'),
  },
  {
    id: 'F2-18',
    name: 'ensure-authorization-response-with-invalid-missing-state-fails',
    misbehaviour: 'callback without `state`',
    required: 'refuses, no token request',
    knobs: { callback: (query) => query.delete('state') },
    run: refuse('wristband/missing_state', 'callback'),
  },
  {
    id: 'F2-19',
    name: 'token-endpoint-response-without-expires_in',
    misbehaviour: 'token response without `expires_in`',
    required: 'signs in, takes a short lifetime',
    knobs: { tokenResponse: (body) => delete body['expires_in'] },
    run: shortLifetime,
  },
  {
    id: 'F2-20',
    name: 'token-type-case-insensitivity',
    misbehaviour: 'none: `token_type` "bEARER"',
    required: 'signs in',
    knobs: { tokenResponse: (body) => (body['token_type'] = 'bEARER') },
    run: accept(),
  },
  {
    id: 'F2-21',
    name: 'client-refresh-token-test',
    misbehaviour: 'resource answers 401, refresh tokens rotate',
    required: 'refreshes twice, each time with the newest',
    knobs: {},
    run: refreshTwice,
  },
]

/** Every callback names the issuer, as FAPI 2 has it. */
const namingIssuer = (knobs: Misbehaviour): Misbehaviour => ({ namesIssuer: true, ...knobs })

export const fapi: Plan = {
  name: 'FAPI 2.0 Security Profile',
  prefix: 'fapi2-security-profile-final-client-test-',
  modules: modules.map((module) => ({ ...module, knobs: [module.knobs].flat().map(namingIssuer) })),
}

/** Without `expires_in` a token is taken to live 5 minutes: refreshed by then, though it would be good for longer. */
async function shortLifetime(world: World): Promise<void> {
  await signInWell(world)
  world.clock.now += 300
  await world.party.accessToken(world.browser)
  assert.equal(world.provider.journal.count('refresh'), 1, 'the access token was not refreshed within 5 minutes')
}

async function refreshTwice(world: World): Promise<void> {
  await signInWell(world)
  for (const refreshes of [1, 2]) {
    const stale = await world.party.accessToken(world.browser)
    world.clock.now += 1800
    assert.equal(await callUserinfo(world, stale ?? ''), 401, 'the resource took a token that has expired')
    const fresh = await world.party.accessToken(world.browser)
    assert.equal(await callUserinfo(world, fresh ?? ''), 200, 'the resource refused the new token')
    assert.equal(world.provider.journal.count('refresh'), refreshes, 'the number of refreshes')
  }
}
