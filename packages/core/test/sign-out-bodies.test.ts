import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../src/index.ts'
import { createApp, usersOf } from './app.ts'
import { strategies } from './strategies.ts'

const form = 'application/x-www-form-urlencoded'
const json = 'application/json'
const multipart = 'multipart/form-data; boundary=line'
const part = (name: string, value: string): string =>
  `--line\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

/** Bodies that ask for the end everywhere, or of which nobody can tell. */
const everywhere: readonly (readonly [string, string, string])[] = [
  ['a form in which another field stands twice', form, 'everywhere=yes&return_url=%2Fa&return_url=%2Fb'],
  ['a form in which it stands twice', form, 'everywhere=no&everywhere=yes'],
  ['a form in which it has no value', form, 'everywhere'],
  ['JSON with `yes`', json, '{"everywhere":"yes"}'],
  ['JSON with true', 'application/json; charset=utf-8', '{"everywhere":true}'],
  ['JSON with other members of every kind', json, '{"everywhere":"yes","a":null,"b":1,"c":true,"d":[{}]}'],
  ['JSON with a list', json, '{"everywhere":["no","yes"]}'],
  ['JSON in which it stands twice', json, '{"everywhere":"yes","everywhere":"no"}'],
  ['half a JSON', json, '{"everywhere":"yes"'],
  ['JSON that is no object', json, '["everywhere"]'],
  ['multipart', multipart, `${part('everywhere', 'yes')}${part('return_url', '/bye')}--line--\r\n`],
  ['half a multipart', multipart, part('everywhere', 'yes')],
  ['lines of plain text', 'text/plain', 'everywhere=yes\r\nreturn_url=/bye\r\n'],
  ['JSON that calls itself plain text', 'text/plain;charset=UTF-8', '{"everywhere":true}'],
  ['plain text that is no form', 'text/plain', 'sign me out everywhere'],
  ['a form without a type', '', 'everywhere=yes'],
  ['an unknown type', 'text/xml', '<everywhere/>'],
  ['70 kB', form, `everywhere=yes&x=${'x'.repeat(70_000)}`],
  ['70 kB of JSON', json, JSON.stringify({ x: 'x'.repeat(70_000), everywhere: 'yes' })],
]

/** Bodies that ask for the end of this session. */
const here: readonly (readonly [string, string, string])[] = [
  ['nothing', form, ''],
  ['another field', form, 'return_url=%2Fbye'],
  ['another field twice', form, 'return_url=%2Fa&return_url=%2Fb'],
  ['an empty JSON', json, '{}'],
  ['JSON that is null', json, 'null'],
  ['JSON with false', json, '{"everywhere":false,"return_url":null}'],
  ['JSON with a text', json, '{"everywhere":"true"}'],
  ['multipart without it', multipart, `${part('return_url', '/bye')}--line--\r\n`],
  ['lines of plain text without it', 'text/plain', 'return_url=/bye\r\n'],
]

/** Bodies as a framework has parsed them. */
const parsed: readonly (readonly [string, unknown, boolean])[] = [
  ['an object with a list', { everywhere: ['yes', 'no'], return_url: ['/a', '/b'] }, true],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { everywhere: 'yes' }), true],
  ['an object with members of every kind', { everywhere: true, file: null, more: { a: 1 } }, true],
  ['a URLSearchParams', new URLSearchParams('everywhere=yes&a=1&a=2'), true],
  ['a Map', new Map([['everywhere', 'yes']]), true],
  ['bytes', new TextEncoder().encode('everywhere=yes'), true],
  ['a text', 'everywhere=yes', true],
  ['an object without it', { return_url: '/bye', n: 1 }, false],
  ['an empty object', {}, false],
]

describe.each(strategies)('a sign-out, with sessions in a %s,', (strategy) => {
  const signedIn = async () => {
    const app = createApp({ session: { strategy }, store: createMemoryStore() })
    const [user, other] = [app.browser(), app.browser()]
    await user.signIn()
    await other.signIn()
    return { app, user, other }
  }

  it.each([
    ...everywhere.map(([how, type, body]) => [how, type, body, {}] as const),
    ...here.map(([how, type, body]) => [how, type, body, { acme: 'ada' }] as const),
  ])('that is asked for by %s (%s) ends what it may mean', async (_how, type, body, left) => {
    const { user, other } = await signedIn()
    const copy = user.copy()
    const bytes = new TextEncoder().encode(body)
    const response = await user.fetch('/auth/logout', {
      method: 'POST',
      body: bytes,
      headers: type === '' ? {} : { 'content-type': type },
    })
    expect([response.status, user.names()]).toEqual([200, []])
    expect([await usersOf(copy), await usersOf(other)]).toEqual([{}, left])
  })

  it.each(parsed)('that a framework has parsed into %s ends what it may mean', async (_what, body, isEverywhere) => {
    const { app, user, other } = await signedIn()
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': form }
    await app.auth.handle(user.request('/auth/logout', { method: 'POST', headers }), { body })
    expect(await usersOf(other)).toEqual(isEverywhere ? {} : { acme: 'ada' })
  })

  it.each([{}, undefined])('whose body a framework has swallowed and left %j of ends everything', async (body) => {
    const { app, user, other } = await signedIn()
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': form, 'content-length': '14' }
    await app.auth.handle(user.request('/auth/logout', { method: 'POST', headers }), { body })
    expect(await usersOf(other)).toEqual({})
  })

  it.each([
    ['multipart', multipart, `${part('return_url', '/bye')}--line--\r\n`, '/bye'],
    ['JSON', json, '{"return_url":"/bye","n":1}', '/bye'],
    ['a form with it twice', form, 'return_url=%2Fa&return_url=%2Fb', '/'],
  ])('goes where %s says', async (_how, type, body, target) => {
    const { user } = await signedIn()
    const headers = { 'content-type': type, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const response = await user.fetch('/auth/logout', { method: 'POST', body, headers })
    expect([response.status, response.headers.get('location')]).toEqual([303, target])
  })
})
