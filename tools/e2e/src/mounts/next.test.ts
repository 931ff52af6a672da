import { testMount } from '../../test/grid/test-mount.ts'
import { nextMount } from './mounts.ts'

testMount(nextMount)
