import { nestExpressMount, prefixedNestExpressMount } from './mounts.ts'
import { testMount } from './test-mount.ts'

testMount(nestExpressMount)
testMount(prefixedNestExpressMount, { users: 50 })
