import { testShapes } from '../../test/front-end-sdk/test-shapes.ts'
import { testMount } from '../../test/grid/test-mount.ts'
import { testNextPages } from '../../test/react/test-next-pages.ts'
import { nextMount } from './mounts.ts'

// In one file, since each file of tests builds Next anew.
testMount(nextMount)
testShapes(nextMount)
testNextPages()
