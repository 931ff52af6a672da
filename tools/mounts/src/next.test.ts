import { mountContract } from '@latchkey/testkit'
import { beforeAll, describe, it } from 'vitest'
import { nextMount } from './mounts/next-mount.ts'

beforeAll(async () => {
  // The build counts as none of the tests.
  const { close } = await nextMount.start({ auth: {} as never, routes: [] })
  await close()
})

mountContract({ describe, it, mount: nextMount })
