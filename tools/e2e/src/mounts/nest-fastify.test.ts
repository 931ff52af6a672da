import { nestFastifyMount, prefixedNestFastifyMount } from './mounts.ts'
import { testMount } from './test-mount.ts'

testMount(nestFastifyMount)
testMount(prefixedNestFastifyMount, { users: 50 })
