import { nextMount } from './mounts/mounts.ts'
import { testMount } from './test-mount.ts'

testMount(nextMount)
