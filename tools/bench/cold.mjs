import fs from 'node:fs'
const [cookie, secret] = JSON.parse(fs.readFileSync('/tmp/bb/cookie.json', 'utf8'))
const request = new Request('https://app.example/me', { headers: { cookie } })
const t = [performance.now()]
const { createAuth } = await import('@latchkey/core')
const { wristbandProvider } = await import('@latchkey/core-wristband')
t.push(performance.now())
const client = { clientId: 'the-client', clientSecret: 'a-secret', applicationDomain: 'app.bench.example' }
const p = wristbandProvider({ ...client, tenancy: { kind: 'query', default: 'acme' } })
t.push(performance.now())
const auth = createAuth({ baseUrl: 'https://app.example', secret, providers: [p] })
t.push(performance.now())
const { session } = await auth.requireSession(request)
t.push(performance.now())
await auth.requireSession(request)
t.push(performance.now())
console.log('import, provider, createAuth, request, 2nd', t.slice(1).map((x, i) => (x - t[i]).toFixed(2)).join(' '), session.identities.wristband.profile.email)
