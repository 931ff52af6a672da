import { mountContract } from '@latchkey/testkit'
import { describe, it } from 'vitest'
import { nestExpressMount, nestFastifyMount } from './mounts/nest-mount.ts'

for (const mount of [nestExpressMount, nestFastifyMount]) mountContract({ describe, it, mount })
