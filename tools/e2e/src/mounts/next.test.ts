import { nextMount } from './mounts.ts'
import { testMount } from './test-mount.ts'

testMount(nextMount)
