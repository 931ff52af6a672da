import { trailingSlashNextMount } from './mounts.ts'
import { testMount } from './test-mount.ts'

// Return targets have that slash too, so the contract itself is for the others.
testMount(trailingSlashNextMount, { gridOnly: true })
