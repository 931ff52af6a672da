/**
 * Every mount of Latchkey, for the tools that run on all of them.
 *
 * @module
 */

export type { Mount } from '@latchkey/testkit'
export { bareMount } from './mounts/bare-mount.ts'
export { expressMount, fastifyMount, nestExpressMount, nestFastifyMount, nextMount } from './mounts/mounts.ts'
