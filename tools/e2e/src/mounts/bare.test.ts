import { bareMount } from './bare-mount.ts'
import { testMount } from './test-mount.ts'

testMount(bareMount)
