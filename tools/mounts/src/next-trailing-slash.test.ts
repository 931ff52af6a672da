import { trailingSlashNextMount } from './mounts/mounts.ts'
import { testMount } from './test-mount.ts'

testMount(trailingSlashNextMount, { people: 50 })
