import { testMount } from '../../test/grid/test-mount.ts'
import { expressFourMount, expressMount } from './mounts.ts'

testMount(expressMount)
testMount(expressFourMount, { users: 50 })
