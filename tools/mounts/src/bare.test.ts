import { bareMount } from './mounts/bare-mount.ts'
import { testMount } from './test-mount.ts'

testMount(bareMount)
