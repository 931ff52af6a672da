import { openDemo } from '../demo.ts'
import { createFastifyApp } from './app.ts'

const demo = openDemo('Fastify', process.env)
const app = await createFastifyApp(demo, { level: 'warn' })
app.addHook('onClose', () => demo.close())

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
await app.listen({ host: 'localhost', port: demo.environment.ports.Fastify })
