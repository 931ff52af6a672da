import {
  bareMount,
  type Mount as ExampleMount,
  expressMount,
  fastifyMount,
  nestExpressMount,
  nestFastifyMount,
  nextMount,
} from '@latchkey/tool-e2e'
import type { Mount } from './mount.ts'

/** The bare handler of core. */
export const coreMount: Mount = authAlone('core', bareMount)

/** Every mount that the modules run on. */
export const mounts: readonly Mount[] = [
  coreMount,
  ...[fastifyMount, expressMount, nestExpressMount, nestFastifyMount, nextMount].map((mount) =>
    authAlone(mount.name, mount),
  ),
]

/** A mount with no routes but those of the auth. */
function authAlone(name: string, mount: ExampleMount): Mount {
  return { name, start: (auth) => mount.start({ auth, routes: [] }) }
}
