import { testMount } from '../../test/grid/test-mount.ts'
import { fastifyMount, lenientFastifyMount } from './mounts.ts'

testMount(fastifyMount)
testMount(lenientFastifyMount, { users: 50 })
