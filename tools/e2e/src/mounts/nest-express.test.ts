import { testMount } from '../../test/grid/test-mount.ts'
import { nestExpressMount, prefixedNestExpressMount } from './mounts.ts'

testMount(nestExpressMount)
testMount(prefixedNestExpressMount, { users: 50 })
