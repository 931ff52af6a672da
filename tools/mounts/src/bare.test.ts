import { mountContract } from '@latchkey/testkit'
import { describe, it } from 'vitest'
import { bareMount } from './mounts/bare-mount.ts'

mountContract({ describe, it, mount: bareMount })
