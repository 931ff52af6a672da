import { startExampleApp } from '@latchkey/testkit'
import { it } from 'vitest'
import { basePathNextMount } from './mounts/mounts.ts'
it('x', async () => {
  const app = await startExampleApp(basePathNextMount)
  for (const t of [`${app.basePath}/session`, app.path('/public'), app.path('/protected'), '/protected']) {
    const a = await app.browser().fetch(t)
    console.log(t, a.status, a.text.slice(0, 200), JSON.stringify([...a.headers]))
  }
  await app.mount.close()
})
