import { testMount } from '../../test/grid/test-mount.ts'
import { nestFastifyMount, prefixedNestFastifyMount } from './mounts.ts'

testMount(nestFastifyMount)
testMount(prefixedNestFastifyMount, { users: 50 })
