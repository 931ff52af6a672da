import { bareMount } from '../../src/mounts/bare-mount.ts'
import { expressMount, fastifyMount, nestExpressMount, nestFastifyMount } from '../../src/mounts/mounts.ts'
import { testShapes } from './test-shapes.ts'

// That on Next is with the other tests of its mount, which are of the same build.
for (const mount of [bareMount, fastifyMount, expressMount, nestExpressMount, nestFastifyMount]) testShapes(mount)
