import { readFileSync } from 'node:fs'
import type { RawRequest } from './raw-request.ts'

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/path-and-header-bypass.json', import.meta.url), 'utf8'),
) as {
  readonly paths: readonly string[]
  readonly headers: readonly Readonly<Record<string, string>>[]
  readonly methods: readonly string[]
}

/** Ways to say a path: `/admin` stands for the whole path of what is protected, `admin` for its last part. */
const paths: readonly string[] = [
  ...vectors.paths,
  // letters encoded, once and twice, and in the encodings of others
  '/%61dmin',
  '/%61%64%6d%69%6e',
  '/admi%6E',
  '/%2561%2564%256d%2569%256e',
  '/%u0061dmin',
  '/\\x61dmin',
  '/adm\xeen',
  '/%ef%bd%81dmin',
  // overlong, truncated and foreign UTF-8
  '/%c1%a1dmin',
  '/%c0%afadmin',
  '/%e0%81%a1dmin',
  '/admin%c0',
  '/admin%ff',
  '/admin%e2%80%8b',
  '/admin%cc%80',
  // slashes and dots
  '///admin',
  '/admin//',
  '/./admin',
  '/%2e/admin',
  '/admin/%2e',
  '/admin/x/..',
  '/public/../admin',
  '/public/%2e%2e/admin',
  '/public%2f..%2fadmin',
  '/public/..;/admin',
  '/auth/../admin',
  '/auth/session/../../admin',
  '/auth/%2e%2e/admin',
  '/_next/../admin',
  '/_next/static/../../admin',
  `${'/x/..'.repeat(200)}/admin`,
  '/admin%2f',
  '/admin%5c',
  '/%5cadmin',
  '\\admin',
  'admin',
  '*',
  // what may end a path
  '/admin;',
  '/admin;/',
  '/admin%3b',
  '/admin%3fx',
  '/admin%23x',
  '/admin#x',
  '/admin%20',
  '/admin%09',
  '/admin%0a',
  '/admin%0d%0a',
  '/admin%00.css',
  '/admin.json',
  '/admin.html',
  '/admin.txt',
  '/admin/route',
  '/admin/page',
  '/admin?x=/../public',
  '/admin?__nextLocale=en&nxtPpath=admin',
  '/public?/../admin',
  '/public;/../admin',
  // another host, or ours, in the request line
  'http://app.example/admin',
  'http://evil.example/admin',
  'HTTP://app.example//admin',
  'https://app.example:443/admin',
  'http://user@app.example/admin',
  '//app.example/admin',
  'http:/admin',
  'http://[/admin',
  // other names that a router may know it by
  '/Admin',
  '/aDMIN/',
  '/_next/data/BUILD/admin.json',
  '/index/admin',
]

/** Header lines that have told a server another path, method, host or user. */
const headers: readonly (readonly string[])[] = [
  ...vectors.headers.map((named) => Object.entries(named).map(([name, value]) => `${name}: ${value}`)),
  ['X-Rewrite-URL: /admin', 'X-Original-URL: /admin'],
  ['X-Forwarded-URI: /admin', 'X-Forwarded-Path: /admin', 'X-Envoy-Original-Path: /admin'],
  ['X-HTTP-Method-Override: GET', 'X-HTTP-Method: GET', 'X-Method-Override: GET'],
  ['X-Forwarded-Host: app.example', 'Forwarded: for=127.0.0.1;host=app.example;proto=https'],
  ['X-Forwarded-For: 127.0.0.1', 'X-Real-IP: 127.0.0.1', 'X-Client-Cert: 1'],
  ['x-middleware-subrequest: proxy:proxy:proxy:proxy:proxy'],
  ['x-middleware-subrequest: src/middleware:src/middleware:src/middleware:src/middleware:src/middleware'],
  ['x-middleware-rewrite: /admin', 'x-middleware-next: 1', 'x-middleware-invoke: 1'],
  ['x-middleware-override-headers: cookie', 'x-middleware-request-cookie: __Host-latchkey=forged'],
  ['rsc: 1', 'next-router-state-tree: %5B%22%22%5D', 'next-url: /admin'],
  ['rsc: 1', 'next-router-prefetch: 1', 'next-router-segment-prefetch: /admin'],
  [`next-action: ${'0'.repeat(42)}`, 'content-type: text/plain'],
  ['x-matched-path: /admin', 'x-now-route-matches: 1=admin'],
  ['Cookie: __Host-latchkey=forged', 'Cookie: __Host-latchkey=e30.e30.e30.e30.e30'],
  ['Cookie: session=admin; user=admin; __host-latchkey=forged'],
  ['Authorization: Bearer e30.e30.', 'Authorization: Basic YWRtaW46YWRtaW4='],
  ['Host: app.example', 'Host: evil.example'],
  ['Content-Type: application/json', 'Content-Length: 2'],
]

/** Bodies by which a second request has been hidden in a first. */
const smuggled: readonly (readonly string[])[] = [
  ['Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 4'],
  ['Transfer-Encoding: chunked, identity'],
  ['Transfer-Encoding: identity, chunked'],
  ['Transfer-Encoding : chunked', 'Content-Length: 4'],
  ['Transfer-Encoding:\x0bchunked', 'Content-Length: 4'],
  ['Transfer-Encoding: xchunked'],
  ['Content-Length: 4', 'Content-Length: 5'],
  ['Content-Length: +4'],
  ['Content-Length: 0', 'Connection: keep-alive'],
  ['Connection: Authorization, Cookie', 'Content-Length: 4'],
  ['Expect: 100-continue', 'Transfer-Encoding: chunked'],
]

const methods: readonly string[] = [
  ...vectors.methods,
  ...['PUT', 'PATCH', 'DELETE', 'QUERY', 'CONNECT', 'LINK', 'Get', 'GETX', ''],
]

/** Requests without a session or token for what is at `path`: paths, headers and methods, two at a time. */
export function bypasses(path: string): readonly RawRequest[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const named = (text: string): string =>
    text
      .replace(/\/admin/g, path)
      .replace(/\/ADMIN/g, path.toUpperCase())
      .replace(/\/Admin/g, path.replace(name, name[0]?.toUpperCase() + name.slice(1)))
      .replace(/\/aDMIN/g, path.replace(name, name[0] + name.slice(1).toUpperCase()))
      // What encodes a letter of `admin` encodes one of the name.
      .replace(/%61dmin|%61%64%6d%69%6e/g, (coded) => encode(name, coded.length > 10 ? name.length : 1))
      .replaceAll('%2561%2564%256d%2569%256e', encode(name, name.length).replaceAll('%', '%25'))
      .replaceAll('%2561dmin', encode(name, 1).replace('%', '%25'))
      .replaceAll('admin', name)
      .replaceAll('dmin', name.slice(1))
      .replace(/^\/(?=[%\\])/, path.slice(0, path.length - name.length))
  const plain = named('/admin')
  const sent = headers.map((lines) => lines.map(named))
  return [
    ...paths.flatMap((text) => methods.map((method) => ({ method, target: named(text) }))),
    ...paths.flatMap((text) => sent.map((lines) => ({ method: 'GET', target: named(text), lines }))),
    ...methods.flatMap((method) => sent.map((lines) => ({ method, target: plain, lines }))),
    ...['/public', '/admin', '/auth/session'].flatMap((text) =>
      smuggled.flatMap((lines) =>
        ['GET', 'POST'].map((method) => ({
          method,
          target: named(text),
          lines,
          body: `0\r\n\r\nGET ${plain} HTTP/1.1\r\nHost: app.example\r\n\r\n`,
        })),
      ),
    ),
  ]
}

function encode(name: string, letters: number): string {
  const coded = [...name.slice(0, letters)].map((letter) => `%${letter.charCodeAt(0).toString(16)}`)
  return coded.join('') + name.slice(letters)
}
