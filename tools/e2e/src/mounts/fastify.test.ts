import { fastifyMount, lenientFastifyMount } from './mounts.ts'
import { testMount } from './test-mount.ts'

testMount(fastifyMount)
testMount(lenientFastifyMount, { users: 50 })
