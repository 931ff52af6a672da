import { assertEqual } from '../assertion.ts'
import { errorCodeOf, expectNobody } from './expectations.ts'
import type { ProviderApp } from './provider-app.ts'
import type { ProviderTest } from './provider-test.ts'

/** The way in: to the vendor and back, and who is signed in then. */
export const signInContract: readonly ProviderTest[] = [
  {
    title: 'goes to the vendor and comes back to where it was asked to',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      const back = await app.signIn(browser, { query: '?return_url=%2Fhome%3Ftab%3D1' })
      assertEqual([back.status, back.headers.get('location')], [303, '/home?tab=1'], 'the redirect after a sign-in')
      const user = (await app.session(browser))?.user
      assertEqual(user?.provider, app.name, 'the provider of who is signed in')
      assertEqual(
        app.mounted.accountIssuers.includes(user?.issuer ?? ''),
        true,
        'whether the issuer of the identity is one of `accountIssuers`',
      )
      assertEqual(
        app.events.filter(({ type }) => type === 'sign_in.succeeded').length,
        1,
        'the number of sign-ins that are reported',
      )
    },
  },
  {
    title: 'knows when the user authenticated, or says nothing of it',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      await app.signIn(browser)
      const user = (await app.session(browser))?.user
      const { authenticatedAt, authTimeSource } = user ?? {}
      assertEqual(
        authenticatedAt === undefined,
        authTimeSource === undefined,
        '`authenticatedAt` and `authTimeSource` are given together, or not at all',
      )
      assertEqual((authenticatedAt ?? 0) <= app.now(), true, 'whether `authenticatedAt` is over')
    },
  },
  {
    title: 'tells users apart, and knows one again',
    async run(start) {
      const app = await start()
      const subjects: unknown[] = []
      for (const subject of ['ada', 'bob', 'ada']) {
        const browser = app.browser()
        await app.signIn(browser, { subject })
        subjects.push((await app.session(browser))?.user.subject)
      }
      const [ada, bob, again] = subjects
      assertEqual(typeof ada, 'string', 'the subject of a user')
      assertEqual(again, ada, 'the subject of the same user')
      assertEqual(ada === bob, false, 'whether two users have one subject')
    },
  },
  {
    title: 'has a state that nobody can foresee, and leaves nothing behind',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      const one = await app.begin(browser)
      const two = await app.begin(app.browser())
      assertEqual(one.location?.href === two.location?.href, false, 'whether two logins go to one address')
      assertEqual(browser.cookies.names().length, 1, 'the number of cookies of a login')
      await browser.open(await app.callback(one))
      assertEqual(browser.cookies.names(), ['__Host-latchkey'], 'the cookies that a sign-in leaves')
    },
  },
  {
    title: 'is finished by no other browser',
    async run(start) {
      const app = await start()
      const callback = await app.callback(await app.begin(app.browser()))
      const asked = app.requests.length
      const stranger = app.browser()
      await stranger.open(callback)
      await expectNobody(app, stranger, 'in a browser that did not begin the login')
      // One that has a login of its own is a stranger to this one, too.
      await app.begin(stranger)
      const before = app.requests.length
      await stranger.open(callback)
      await expectNobody(app, stranger, 'in a browser that began another login')
      assertEqual([asked, app.requests.length - before], [asked, 0], 'the requests for a stranger')
    },
  },
  {
    title: 'is finished once, also by who copied the cookies of its browser',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      const callback = await app.callback(await app.begin(browser))
      const thief = browser.copy()
      await browser.open(callback)
      // A callback that comes again within 30 seconds gets the same answer: that is core's.
      app.pass(31)
      for (const again of [thief, browser]) await again.open(callback)
      await expectNobody(app, thief, 'by a callback that was used')
      assertEqual(
        app.events.filter(({ type }) => type === 'sign_in.succeeded').length,
        1,
        'the number of sign-ins by one callback',
      )
    },
  },
  {
    title: 'is over after an hour',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      const callback = await app.callback(await app.begin(browser))
      const kept = browser.copy()
      app.pass(3600)
      for (const late of [browser, kept]) {
        await late.open(callback)
        await expectNobody(app, late, 'by a login of an hour ago')
      }
    },
  },
  {
    title: 'needs its state, and asks the vendor nothing before the state is known to be ours',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      const callback = await app.callback(await app.begin(browser))
      const before = app.requests.length
      for (const [what, changed] of changedStates(callback)) {
        const answer = await browser.open(changed)
        await expectNobody(app, browser, `by a callback ${what}`)
        assertEqual(
          errorCodeOf(answer) === 'core/internal_error',
          false,
          `whether a callback ${what} breaks the provider`,
        )
      }
      assertEqual(app.requests.length - before, 0, 'the requests to the vendor for callbacks without a good state')
    },
  },
  {
    title: 'returns to no other site',
    async run(start) {
      const app = await start()
      for (const target of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
        const browser = app.browser()
        const answer = await app.begin(browser, `?return_url=${encodeURIComponent(target)}`)
        assertEqual(errorCodeOf(answer), 'auth/return_url_invalid', `the answer to a login that returns to ${target}`)
        assertEqual(browser.cookies.names(), [], `the cookies of a login that returns to ${target}`)
      }
      assertEqual(app.requests, [], 'the requests to the vendor for logins that are refused')
    },
  },
  {
    title: 'begins when a user opens a page, and by nothing else',
    async run(start) {
      const app = await start()
      const path = `/auth/${app.name}${app.mounted.signInPath ?? ''}`
      const browser = app.browser()
      const answers = [
        await browser.fetch(path),
        await browser.open(path, { headers: { 'sec-purpose': 'prefetch' } }),
        await browser.open(path, { method: 'HEAD' }),
        await browser.open(path, { headers: { 'sec-fetch-dest': 'iframe' }, from: 'https://evil.example' }),
        await browser.open(path, { headers: { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' } }),
      ]
      assertEqual(
        answers.map(({ location }) => location?.origin === originOf(app) || location === null),
        answers.map(() => true),
        'whether what is no navigation stays here',
      )
      assertEqual(browser.cookies.names(), [], 'the cookies of what is no navigation')
      assertEqual(app.requests, [], 'the requests to the vendor for what is no navigation')
    },
  },
]

function originOf(app: ProviderApp): string {
  return new URL(app.browser().request('/').url).origin
}

/** The same callback with its state gone, changed at either end, another's, and twice; in query or fragment it is `state`. */
function changedStates(callback: URL): readonly (readonly [string, URL])[] {
  const state = callback.searchParams.get('state') ?? ''
  const other = (text: string, index: number): string => {
    const letter = text.at(index) === 'A' ? 'B' : 'A'
    return index === 0 ? letter + text.slice(1) : text.slice(0, index) + letter + text.slice(index + 1)
  }
  const withState = (value: string | null): URL => {
    const url = new URL(callback)
    if (value === null) url.searchParams.delete('state')
    else url.searchParams.set('state', value)
    return url
  }
  const middle = Math.floor(state.length / 2)
  return [
    ['without a state', withState(null)],
    ['with an empty state', withState('')],
    ['with a made-up state', withState('forged')],
    ['whose state begins otherwise', withState(other(state, 0))],
    ['whose state is changed in the middle', withState(other(state, middle))],
    ['whose state is cut', withState(state.slice(0, -2))],
    ['whose state is long', withState(state + state)],
  ]
}
