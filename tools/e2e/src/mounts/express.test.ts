import { expressFourMount, expressMount } from './mounts.ts'
import { testMount } from './test-mount.ts'

testMount(expressMount)
testMount(expressFourMount, { users: 50 })
