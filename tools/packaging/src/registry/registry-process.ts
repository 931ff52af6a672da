import { join } from 'node:path'
import { runServer } from 'verdaccio'

// A registry on loopback that holds our packages and nothing else. Everybody may publish: it ends with who started it.
const [storage = ''] = process.argv.slice(2)
const server = await runServer({
  self_path: storage,
  configPath: join(storage, 'config.yaml'),
  storage,
  packages: { '@latchkey/*': { access: '$all', publish: '$all' } },
  uplinks: {},
  auth: {},
  web: { enable: false },
  log: { type: 'stdout', level: 'fatal' },
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})
process.once('disconnect', () => process.exit())
