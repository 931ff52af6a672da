import { createDemoAuth } from '../auth.ts'
import { readEnvironment } from '../environment.ts'
import { openJoinRecord } from '../join-record.ts'
import { createFastifyApp } from './app.ts'

const environment = readEnvironment(process.env)
const joinRecord = openJoinRecord(environment.joinRecordFile)
const auth = createDemoAuth(environment, {
  baseUrl: `http://localhost:${environment.fastifyPort}`,
  joinRecord,
  onEvent: (event) => app.log.info({ event }, event.type),
})
const { tenant, tenantIds } = environment.wristband
const app = await createFastifyApp({ auth, tenants: [...(tenantIds?.keys() ?? [tenant])], logger: { level: 'warn' } })
app.addHook('onClose', async () => joinRecord.close())

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
await app.listen({ host: 'localhost', port: environment.fastifyPort })
