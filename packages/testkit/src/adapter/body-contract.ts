import { assertEqual } from '../assertion.ts'
import type { AdapterTest } from './adapter-test.ts'
import { expectProblem, expectUntouched, memberOf } from './expectations.ts'

const form = 'application/x-www-form-urlencoded'
const json = 'application/json'

/** Bodies: those of auth routes are read whatever parsed them first, and the app's are parsed as the app wants it. */
export const bodyContract: readonly AdapterTest[] = [
  {
    title: 'of an auth route is read, be it a form, JSON or none',
    async run({ start }) {
      const app = await start()
      const send = async (type: string | null, body?: string) => {
        const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
        const request = { method: 'POST', headers, ...(body !== undefined && { body }) }
        return (await app.browser().fetch(`${app.basePath}/example/fields`, request)).text
      }
      const expected = '{"name":"Zoë","word":"a b"}'
      assertEqual(await send(form, 'name=Zo%C3%AB&word=a+b'), expected, 'the fields of a form')
      assertEqual(await send(`${form}; charset=utf-8`, 'name=Zo%C3%AB&word=a+b'), expected, 'those with a charset')
      assertEqual(await send(json, expected), expected, 'the fields of a JSON object')
      assertEqual(await send(form, ''), '{}', 'the fields of an empty form')
      assertEqual(await send(null), '{}', 'the fields of no body')
    },
  },
  {
    title: 'of an auth route is refused where it is no form of plain fields',
    async run({ start }) {
      const app = await start()
      for (const [type, body, ...statuses] of [
        ['text/plain', 'name=a', 400, 415],
        ['multipart/form-data; boundary=b', '--b\r\n\r\n--b--', 400, 415],
        [json, '{"name":', 400],
        [json, '["name"]', 400],
        [json, '{"name":{"first":"a"}}', 400],
        [form, 'name=a&name=b', 400],
        [form, `name=${'x'.repeat(70_000)}`, 413],
        [form, `name=${'x'.repeat(4_000_000)}`, 413],
      ] as const) {
        const request = { method: 'POST', headers: { 'content-type': type }, body }
        const answer = await app.browser().fetch(`${app.basePath}/example/fields`, request)
        const isRefused = (statuses as readonly number[]).includes(answer.status)
        assertEqual(isRefused, true, `whether ${type} ${body.slice(0, 30)} is refused, with ${answer.status}`)
        assertEqual(answer.headers.getSetCookie(), [], 'the cookies of a refused body')
      }
    },
  },
  {
    title: 'of another site is refused before it is read',
    async run({ start }) {
      const app = await start()
      const headers = { 'content-type': form }
      const request = { method: 'POST', headers, body: 'name=a', from: 'https://evil.example' }
      expectProblem(await app.browser().fetch(`${app.basePath}/example/fields`, request), 403, 'core/cross_origin')
    },
  },
  {
    title: 'of a route of the app is parsed by the app',
    async run({ start }) {
      const app = await start()
      const request = { method: 'POST', headers: { 'content-type': json }, body: '{"list":[1,{"a":null}]}' }
      const answer = await app.browser().fetch(app.path('/echo'), request)
      assertEqual(JSON.stringify(memberOf(answer, 'body')), '{"list":[1,{"a":null}]}', 'what the app parsed')
      expectUntouched(answer)
    },
  },
]
