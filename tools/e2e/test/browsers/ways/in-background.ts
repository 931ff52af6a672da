import { get } from 'node:http'
import { click, type From, type Opening, page, script, type Way, type Ways } from './way.ts'

/** A request by a script of a page. */
const asks = (from: From, code: (target: string) => string, type = ''): Way =>
  page(
    from,
    script(({ target }) => code(target), type),
  )

const contains = (from: From, html: (target: string) => string): Way => page(from, ({ target }) => html(target))

const ping = ({ target }: Opening): string => `<a id="go" href="#here" ping="${target}">go</a>`

export const inBackground: Ways = {
  '`fetch()` of our page': asks('ours', (target) => `fetch('${target}')`),
  '`fetch()` of our page, `mode: "same-origin"`': asks(
    'ours',
    (target) => `fetch('${target}', { mode: 'same-origin' })`,
  ),
  '`fetch()` of our page, `mode: "no-cors"`': asks('ours', (target) => `fetch('${target}', { mode: 'no-cors' })`),
  '`fetch()` of our page, `keepalive`': asks('ours', (target) => `fetch('${target}', { keepalive: true })`),
  '`fetch()` of our page, HEAD': asks('ours', (target) => `fetch('${target}', { method: 'HEAD' })`),
  '`fetch()` of our page, POST': asks('ours', (target) => `fetch('${target}', { method: 'POST', body: 'a' })`),
  '`fetch()` of a sibling host, credentials': asks(
    'sibling',
    (target) => `fetch('${target}', { credentials: 'include' })`,
  ),
  '`fetch()` of another site, credentials': asks('other', (target) => `fetch('${target}', { credentials: 'include' })`),
  '`fetch()` of another site, `mode: "no-cors"`': asks('other', (target) => `fetch('${target}', { mode: 'no-cors' })`),
  '`XMLHttpRequest` of our page': asks(
    'ours',
    (target) => `const asked = new XMLHttpRequest(); asked.open('GET', '${target}'); asked.send()`,
  ),
  '`navigator.sendBeacon()` of our page': asks('ours', (target) => `navigator.sendBeacon('${target}')`),
  '`navigator.sendBeacon()` of another site': asks('other', (target) => `navigator.sendBeacon('${target}')`),
  '`<a ping>` on our page': click('ours', ping),
  '`<a ping>` on a page of another site': click('other', ping),
  '`EventSource` of our page': asks('ours', (target) => `new EventSource('${target}')`),
  '`EventSource` of another site': asks('other', (target) => `new EventSource('${target}')`),
  '`WebSocket` of our page': asks('ours', (target) => `new WebSocket('${target.replace('http', 'ws')}')`),
  '`WebSocket` of another site': asks('other', (target) => `new WebSocket('${target.replace('http', 'ws')}')`),
  '`<img>` on our page': contains('ours', (target) => `<img src="${target}">`),
  '`<img>` on a page of another site': contains('other', (target) => `<img src="${target}">`),
  '`<script>` on our page': contains('ours', (target) => `<script src="${target}"></script>`),
  '`<script type="module">` on our page': contains(
    'ours',
    (target) => `<script type="module" src="${target}"></script>`,
  ),
  '`<link rel="stylesheet">` on our page': contains('ours', (target) => `<link rel="stylesheet" href="${target}">`),
  '`@font-face` on our page': contains(
    'ours',
    (target) => `<style>@font-face { font-family: f; src: url('${target}') } p { font-family: f }</style><p>text`,
  ),
  '`<video>` on our page': contains('ours', (target) => `<video src="${target}"></video>`),
  '`new Worker()` of our page': asks('ours', (target) => `new Worker('${target}')`),
  '`new SharedWorker()` of our page': asks('ours', (target) => `new SharedWorker('${target}')`),
  '`navigator.serviceWorker.register()` of our page': asks(
    'ours',
    (target) => `navigator.serviceWorker.register('${target}')`,
  ),
}

/** Programs that are no browsers. */
export const byProgram: Ways = {
  'a program that sends no header of its own, such as a link checker': ({ site, login }) => {
    const { port, hostname, host } = new URL(site.ours)
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: login, servername: hostname, headers: { host } }
      get(options, (answer) => answer.resume().on('end', resolve)).on('error', reject)
    })
  },
}
