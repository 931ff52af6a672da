import { fastifyMount, lenientFastifyMount } from './mounts/mounts.ts'
import { testMount } from './test-mount.ts'

testMount(fastifyMount)
testMount(lenientFastifyMount, { users: 50 })
