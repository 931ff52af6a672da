import {
  type Flood,
  type FloodRequest,
  madeUp,
  madeUpLogin,
  madeUpSession,
  navigate,
  type OwnLogin,
  post,
} from './flood.ts'
import { denied, type FloodTarget } from './flooded-app.ts'

const once = (): number => 10

/** Wink's sessions at once; time stands still, so that no further ones are given. */
const winkSessions = (): number => 100

/** Logins that are begun. */
export function startFloods({ port }: FloodTarget): readonly Flood[] {
  const origin = `http://localhost:${port}`
  return [
    { what: 'a login', request: (index) => navigate(`/auth/acme/login?return_url=/page/${index}`) },
    {
      what: 'a login with 16 kB of made-up logins',
      request: (index) =>
        navigate('/auth/acme/login', {
          cookie: Array.from({ length: 300 }, (_, at) => madeUpLogin(index * 300 + at)).join('; '),
        }),
    },
    {
      what: 'a login with a made-up ticket',
      request: (index) => navigate(`/auth/acme/login?state=${madeUp(index)}.1.2.3`),
    },
    {
      what: 'a login by a script of another site',
      request: (index) => ({
        path: `/auth/acme/login?return_url=/${index}`,
        headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'cross-site' },
      }),
    },
    {
      what: 'a login at any OpenID provider',
      request: (index) => navigate(`/auth/openid/login?return_url=/page/${index}`),
      mostVendorCalls: once,
    },
    {
      what: 'a Wristband login by a made-up tenant',
      request: (index) => navigate(`/auth/wristband/login?tenant_name=t${index}`),
      mostVendorCalls: once,
    },
    {
      what: 'a Wristband login by a made-up custom domain',
      request: (index) => navigate(`/auth/wristband/login?tenant_custom_domain=d${index}.evil.example`),
      mostVendorCalls: once,
    },
    {
      what: 'a Wink login',
      request: (index) => navigate(`/auth/wink/login?return_url=/page/${index}`),
      mostVendorCalls: winkSessions,
    },
    {
      what: '`POST /auth/wink/session`',
      request: () => post('/auth/wink/session', { returnUrl: `${origin}/wink`, cancelUrl: `${origin}/` }),
      mostVendorCalls: winkSessions,
    },
  ]
}

/** A login of one's own is redeemed: to share its answer, to mark it, and to ask whether the user was revoked. */
const toRedeem = 8

/** Logins that end, with a `state` that is made up or of a login that anyone can begin. */
export function callbackFloods({ keeping, port }: FloodTarget): readonly Flood[] {
  const back = (state: string, cookie: string, headers: Readonly<Record<string, string>> = {}): FloodRequest =>
    navigate(`/auth/acme/callback?state=${state}&subject=${denied}`, { cookie, ...headers })
  return [
    { what: 'a callback without a `state`', request: () => navigate('/auth/acme/callback') },
    {
      what: 'a callback with a forged `state`, and a made-up session',
      request: (index) => back(`${madeUp(index)}.0.localhost~${port}.x`, madeUpSession(index)),
    },
    {
      what: 'a callback with a forged `state` and a forged login',
      request: (index) => back(madeUp(index), madeUpLogin(index)),
    },
    {
      what: 'a callback with one genuine `state`, a made-up login and a made-up session',
      request: (index, { state }) => back(state, `${madeUpLogin(index)}; ${madeUpSession(index)}`),
    },
    {
      what: 'a callback with one genuine `state` and a forged login under its name',
      request: (index, { state, cookie }) =>
        back(state, `${cookie.slice(0, cookie.indexOf('='))}=x; ${madeUpSession(index)}`),
    },
    {
      what: 'a callback with one genuine login, at another host',
      request: (_index, { state, cookie }) => back(state, cookie, { host: `other.localhost:${port}` }),
    },
    {
      what: 'a callback of one genuine login, each time with another made-up code',
      request: (index, { state, cookie }) => back(`${state}&code=${index}`, cookie),
      // Until the first is answered.
      ...(keeping !== 'alone' && { mostStoreCommands: () => 32 * toRedeem }),
    },
    {
      what: 'a login that is begun, and refused by the app',
      begins: '/auth/acme/login',
      request: (_index, { state, cookie }) => back(state, cookie),
      ...(keeping !== 'alone' && { mostStoreCommands: (count: number) => count * toRedeem }),
    },
    {
      what: 'a login at any OpenID provider that is begun, and ends with a made-up code',
      begins: '/auth/openid/login',
      request: (index, { state, cookie }: OwnLogin) =>
        navigate(`/auth/openid/callback?state=${state}&code=${index}`, { cookie }),
      ...(keeping !== 'alone' && { mostStoreCommands: (count: number) => count * toRedeem }),
      // Whether a code is good only the vendor can tell.
      mostVendorCalls: (count) => count + once(),
    },
    { what: 'a confirmation that is made up', request: (index) => post('/auth/confirm', { sign_in: madeUp(index) }) },
    {
      what: 'a confirmation that is made up, with a made-up session',
      request: (index) => post('/auth/confirm', { sign_in: madeUp(index) }, madeUpSession(index)),
      ...(keeping === 'store' && { mostStoreCommands: (count: number) => count }),
    },
  ]
}
