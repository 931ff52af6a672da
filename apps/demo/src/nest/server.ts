import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { openDemo } from '../demo.ts'
import { DemoModule } from './demo.module.ts'
import { followRequests } from './follow-requests.ts'

const demo = openDemo('Nest', process.env)
const app = await NestFactory.create<NestExpressApplication>(DemoModule.for(demo), { logger: ['error', 'warn'] })
app.disable('x-powered-by')
if (demo.backstage !== null) app.use(followRequests(demo.backstage))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close().then(() => demo.close()))
}
await app.listen(demo.environment.ports.Nest, '127.0.0.1')
