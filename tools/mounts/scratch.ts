import { createAuth, createVault } from '@latchkey/core'
import { nextMount, nestExpressMount } from './src/index.ts'
const auth = createAuth({ baseUrl: 'https://app.example', vault: createVault({ secrets: ['an-example-secret-of-at-least-32-bytes'] }), providers: [{ name: 'x', mount: () => ({ routes: [] }) }] })
for (const mount of [nestExpressMount, nextMount, nextMount]) {
  console.log('starting', mount.name, Date.now())
  const r = await mount.start({ auth, routes: [] })
  console.log(r.origin, (await fetch(r.origin + '/auth/session')).status, Date.now())
  await r.close()
  console.log('closed')
}
