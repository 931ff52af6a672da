import { basePathNextMount } from './mounts.ts'
import { testMount } from './test-mount.ts'

// A file of its own: Next keeps the options of an app for the life of a process.
testMount(basePathNextMount, { users: 50 })
