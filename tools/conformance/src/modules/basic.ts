import assert from 'node:assert/strict'
import { accept, refuse, signInWell } from '../journeys.ts'
import type { Plan, World } from '../module.ts'
import { user } from '../provider/registration.ts'

export const basic: Plan = {
  name: 'Basic RP',
  prefix: 'oidcc-client-test',
  modules: [
    { id: 'B1', name: '', misbehaviour: 'none', required: 'signs in, calls userinfo', knobs: {}, run: accept() },
    {
      id: 'B2',
      name: '-invalid-iss',
      misbehaviour: 'ID token: `iss` + "1"',
      required: 'refuses',
      knobs: { idToken: (claims) => (claims['iss'] += '1') },
      run: refuse('oidc/issuer_mismatch'),
    },
    {
      id: 'B3',
      name: '-missing-sub',
      misbehaviour: 'ID token without `sub`',
      required: 'refuses',
      knobs: { idToken: (claims) => delete claims['sub'] },
      run: refuse('oidc/subject_missing'),
    },
    {
      id: 'B4',
      name: '-invalid-aud',
      misbehaviour: 'ID token: `aud` + "1"',
      required: 'refuses',
      knobs: { idToken: (claims) => (claims['aud'] += '1') },
      run: refuse('oidc/audience_mismatch'),
    },
    {
      id: 'B5',
      name: '-missing-iat',
      misbehaviour: 'ID token without `iat`',
      required: 'refuses',
      knobs: { idToken: (claims) => delete claims['iat'] },
      run: refuse('oidc/issued_at_invalid'),
    },
    {
      id: 'B6',
      name: '-kid-absent-single-jwks',
      misbehaviour: 'no `kid`, one key',
      required: 'signs in',
      knobs: { keysWithoutId: 'one' },
      run: accept(),
    },
    {
      id: 'B7',
      name: '-kid-absent-multiple-jwks',
      misbehaviour: 'no `kid`, 3 RSA + EC + OKP keys',
      required: 'refuses (either is allowed)',
      knobs: { keysWithoutId: 'several' },
      run: refuse('oidc/key_not_found'),
    },
    {
      id: 'B8',
      name: '-idtoken-sig-rs256',
      misbehaviour: 'none: RS256',
      required: 'signs in',
      knobs: { signedBy: 'RS256' },
      run: accept(),
    },
    {
      id: 'B9',
      name: '-idtoken-sig-none',
      misbehaviour: 'ID token: `alg` none',
      required: 'refuses (either is allowed)',
      knobs: { signedBy: 'none' },
      run: refuse('oidc/algorithm_not_allowed'),
    },
    {
      id: 'B10',
      name: '-invalid-sig-rs256',
      misbehaviour: 'some bytes of the signature changed',
      required: 'refuses (skipping is tolerated)',
      knobs: { signedBy: 'corrupted' },
      run: refuse('oidc/signature_invalid'),
    },
    {
      id: 'B11',
      name: '-userinfo-invalid-sub',
      misbehaviour: 'userinfo: `sub` + "invalid"',
      required: 'calls userinfo, refuses its answer',
      knobs: { userinfo: (claims) => (claims['sub'] += 'invalid') },
      run: refuse('oidc/subject_mismatch', 'userinfo'),
    },
    {
      id: 'B12',
      name: '-nonce-invalid',
      misbehaviour: 'ID token: `nonce` + "1"',
      required: 'refuses',
      knobs: { idToken: (claims) => (claims['nonce'] += '1') },
      run: refuse('oidc/nonce_mismatch'),
    },
    {
      id: 'B13',
      name: '-scope-userinfo-claims',
      misbehaviour: 'none: scopes profile email phone address',
      required: 'the claims reach the application',
      knobs: {},
      setup: { scopes: ['openid', 'offline_access', 'profile', 'email', 'phone', 'address', 'roles'] },
      run: claimsArrive,
    },
    {
      id: 'B14',
      name: '-client-secret-basic',
      misbehaviour: 'takes client_secret_basic alone',
      required: 'authenticates so',
      knobs: {},
      run: accept(),
    },
  ],
}

async function claimsArrive(world: World): Promise<void> {
  await signInWell(world)
  const scope = world.provider.journal.calls('authorize')[0]?.get('scope')?.split(' ') ?? []
  for (const name of ['profile', 'email', 'phone', 'address']) assert(scope.includes(name), `${name} was not asked for`)
  // Wristband has no claim for an address.
  const { name, email, picture, phone: phoneNumber } = user
  assert.partialDeepStrictEqual(await world.party.profile(world.browser), { name, email, picture, phoneNumber })
}
