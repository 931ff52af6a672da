import { describe, expect, it } from 'vitest'
import { providerContract } from '../src/index.ts'
import { createExample, type Mistake } from './example-vendor.ts'

/** Runs the contract without a runner, and gives the titles of the tests that failed, in their groups. */
async function failuresOf(mistake: Mistake | null, signsIn = true): Promise<readonly string[]> {
  const failures: string[] = []
  const tests: (() => Promise<void>)[] = []
  let group = ''
  providerContract({
    describe(name, suite) {
      group = name
      suite()
    },
    it(title, test) {
      const name = `${group} ${title}`
      tests.push(() => test().catch(() => void failures.push(name)))
    },
    create: (surroundings) => createExample(surroundings, mistake),
    signsIn,
  })
  for (const test of tests) await test()
  return failures
}

const silence = 'a provider tells no secret and no personal data'
const mistakes: Readonly<Record<Mistake, readonly [string, ...string[]]>> = {
  'checks no state': [
    'a sign-in is finished by no other browser',
    'a sign-in needs its state, and asks the vendor nothing before the state is known to be ours',
  ],
  'asks its vendor before it checks the state': [
    'a sign-in needs its state, and asks the vendor nothing before the state is known to be ours',
  ],
  'keeps logins by itself, for whoever comes': ['a sign-in is finished by no other browser'],
  'returns to wherever it is told': ['a sign-in returns to no other site'],
  'begins for scripts, too': ['a sign-in begins when a user opens a page, and by nothing else'],
  'signs in whoever refused': ['a sign-in that fails that the user refuses signs nobody in'],
  'tells what its vendor said': [`${silence} when something fails`],
  'breaks where its vendor is odd': [
    'a sign-in that fails whose vendor cannot be reached signs nobody in, and says so by a code',
    'a sign-in that fails whose vendor answers with a page signs nobody in, and says so by a code',
    'a sign-in that fails whose vendor answers with nothing signs nobody in, and says so by a code',
  ],
  'believes whatever its vendor answers': [
    'a sign-in that fails whose vendor answers with an empty object signs nobody in, and says so by a code',
    'a sign-in that fails whose vendor fails with 500 signs nobody in, and says so by a code',
  ],
  'knows one user alone': ['a sign-in tells users apart, and knows one again'],
  'knows nobody again': ['a sign-in tells users apart, and knows one again'],
  'has identities of another issuer': ['a sign-in goes to the vendor and comes back to where it was asked to'],
  'is proven ahead of time': ['a sign-in knows when the user authenticated, or says nothing of it'],
  'ends the sign-in when its vendor is out': [
    'tokens that cannot be refreshed for now sign nobody out, and are refreshed later',
    'tokens whose vendor cannot be reached sign nobody out',
  ],
  'never ends a sign-in': ['tokens that the vendor has ended end the identity, with a reason'],
  'keeps a token in the profile': ['tokens are kept for the app alone, or not at all'],
  'tells an e-mail address in an event': [`${silence} in a sign-in, a refresh and a sign-out`],
  'sends its secret in an address': [`${silence} in a sign-in, a refresh and a sign-out`],
  'asks its vendor at once': ['a provider asks its vendor nothing before it is needed'],
  'takes every access token': ['an access token is refused where it was changed, or is not signed'],
  'takes access tokens for good': ['an access token is refused when it has expired'],
  'needs tokens to sign out': ['a sign-out needs no tokens'],
  'breaks a sign-out when its vendor is out': ['a sign-out ends the session where the vendor cannot be reached'],
  'gives the old access token again': [
    'tokens are replaced when they are due, for the same user, and prove nothing new',
  ],
  'has a route that breaks': ['a provider breaks at none of its routes, whatever comes'],
}

describe('the provider contract fails a provider that', () => {
  it.each(Object.entries(mistakes))('%s', async (mistake, titles) => {
    expect(await failuresOf(mistake as Mistake)).toEqual(expect.arrayContaining([...titles]))
  })

  it('has no mistake: never', async () => {
    expect(await failuresOf(null)).toEqual([])
  })
})
