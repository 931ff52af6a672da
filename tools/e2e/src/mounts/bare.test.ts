import { testMount } from '../../test/grid/test-mount.ts'
import { bareMount } from './bare-mount.ts'

testMount(bareMount)
