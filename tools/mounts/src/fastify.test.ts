import { mountContract } from '@latchkey/testkit'
import { describe, it } from 'vitest'
import { fastifyMount } from './mounts/fastify-mount.ts'

mountContract({ describe, it, mount: fastifyMount })
