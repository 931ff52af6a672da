import { testMount } from '../../test/grid/test-mount.ts'
import { trailingSlashNextMount } from './mounts.ts'

// Return targets have that slash too, so the contract itself is for the others.
testMount(trailingSlashNextMount, { gridOnly: true })
