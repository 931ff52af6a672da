import assert from 'node:assert/strict'
import { signInWell, whoIsSignedIn } from '../journeys.ts'
import type { Plan, World } from '../module.ts'
import { appOrigin, registration } from '../provider/registration.ts'

export const logout: Plan = {
  name: 'RP-initiated logout',
  prefix: 'oidcc-client-test',
  modules: [
    {
      id: 'L1',
      name: '-rp-init-logout',
      misbehaviour: 'none',
      required: 'ends its own session first, names client and registered URI',
      knobs: {},
      run: signOut,
    },
    {
      id: 'L2',
      name: '-rp-init-logout-other-state',
      misbehaviour: 'comes back with another `state`',
      required: 'ends at its own page, not where `state` says',
      knobs: [{ signOutState: 'another-state' }, { signOutState: 'https://evil.example/' }],
      run: signOut,
    },
    {
      id: 'L3',
      name: '-rp-init-logout-no-state',
      misbehaviour: 'comes back without `state`',
      required: 'ends at its own page',
      knobs: { signOutState: null },
      run: signOut,
    },
  ],
}

async function signOut(world: World): Promise<void> {
  const { browser, provider } = world
  await signInWell(world)
  const thief = browser.copy()
  assert.notEqual(await whoIsSignedIn({ ...world, browser: thief }), null, 'the copy of the cookie is not good')

  const left = await browser.submit('/auth/logout', { return_url: '/goodbye' })
  assert.equal(left.status, 303, 'the sign-out was refused')
  assert.equal(provider.journal.count('logout'), 0, 'the provider was visited first')
  assert.equal(await whoIsSignedIn(world), null, 'our session has not ended first')
  assert.equal(await whoIsSignedIn({ ...world, browser: thief }), null, 'a copy of the cookie is still good')

  assert(left.location !== null)
  const { location } = await browser.follow(left, ({ pathname }) => pathname === '/goodbye')
  const [request] = provider.journal.calls('logout')
  assert.equal(request?.get('client_id'), registration.clientId, 'the client is not named')
  assert.equal(request?.get('redirect_url'), registration.signOutUri, 'the URI is not the registered one')
  assert.equal(location?.href, `${appOrigin}/goodbye`, 'the sign-out ends elsewhere')
}
