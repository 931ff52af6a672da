import { testMount } from '../../test/grid/test-mount.ts'
import { basePathNextMount } from './mounts.ts'

// A file of its own: Next keeps the options of an app for the life of a process.
testMount(basePathNextMount, { users: 50 })
