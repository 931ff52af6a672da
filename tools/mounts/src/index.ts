/**
 * Every mount of Latchkey, for the tools that run on all of them.
 *
 * @module
 */
export { bareMount } from './mounts/bare-mount.ts'
export { fastifyMount, nestExpressMount, nestFastifyMount, nextMount } from './mounts/mounts.ts'
