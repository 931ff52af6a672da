import { coreMount } from './core-mount.ts'
import { fastifyMount } from './fastify-mount.ts'
import type { Mount } from './mount.ts'

/** Every mount that the modules run on. */
export const mounts: readonly Mount[] = [coreMount, fastifyMount]
