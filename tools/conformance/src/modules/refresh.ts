import assert from 'node:assert/strict'
import { setsSession, signInWell, whoIsSignedIn } from '../journeys.ts'
import type { Plan, World } from '../module.ts'

/** Past `refreshAt`, before the access token expires. */
const dueSeconds = 1770

export const refresh: Plan = {
  name: 'Refresh',
  prefix: 'oidcc-client-test',
  modules: [
    {
      id: 'R1',
      name: '-refresh-token',
      misbehaviour: 'none: new access, refresh and ID token',
      required: 'refreshes, uses the new access token',
      knobs: {},
      run: refreshWell,
    },
    {
      id: 'R2',
      name: '-refresh-token-invalid-issuer',
      misbehaviour: 'refreshed ID token: `iss` + "1"',
      required: 'no userinfo call, session ended',
      knobs: { refreshedIdToken: (claims) => (claims['iss'] += '1') },
      run: endAtRefresh,
    },
    {
      id: 'R3',
      name: '-refresh-token-invalid-sub',
      misbehaviour: 'refreshed ID token: other `sub`',
      required: 'no userinfo call, session ended',
      knobs: { refreshedIdToken: (claims) => (claims['sub'] += 'invalid') },
      run: endAtRefresh,
    },
  ],
}

async function refreshWell(world: World): Promise<void> {
  const { journal } = world.provider
  await signInWell(world)
  const before = await world.party.accessToken(world.browser)
  world.clock.now += dueSeconds
  const after = await world.party.accessToken(world.browser)
  assert(after !== null && after !== before, 'the access token is not a new one')
  assert.equal(journal.count('refresh'), 1, 'the number of refreshes')
  assert.equal(await callUserinfo(world, after), 200, 'the new access token is not good')
  assert.notEqual(await whoIsSignedIn(world), null, 'the session has ended')
}

async function endAtRefresh(world: World): Promise<void> {
  const { journal } = world.provider
  await signInWell(world)
  const calls = journal.count('userinfo')
  world.clock.now += dueSeconds
  assert.equal(await world.party.accessToken(world.browser), null, 'the application was given an access token')
  assert.equal(journal.count('refresh'), 1, 'the number of refreshes')
  assert.equal(journal.count('userinfo'), calls, 'userinfo was called')
  assert(!setsSession(await world.browser.open('/auth/session')), 'a session was set')
  assert.equal(await whoIsSignedIn(world), null, 'the session has not ended')
}

/** The application calls an API of the vendor. */
export async function callUserinfo({ provider }: World, accessToken: string): Promise<number> {
  const response = await fetch(`${provider.issuer}/api/v1/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  await response.text()
  return response.status
}
