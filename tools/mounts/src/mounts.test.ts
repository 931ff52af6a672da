import { type Mount, mountContract } from '@latchkey/testkit'
import { afterAll, describe, it } from 'vitest'
import { bareMount } from './mounts/bare-mount.ts'
import {
  basePathNextMount,
  fastifyMount,
  lenientFastifyMount,
  nestExpressMount,
  nestFastifyMount,
  nextMount,
  prefixedNestExpressMount,
  prefixedNestFastifyMount,
  trailingSlashNextMount,
} from './mounts/mounts.ts'

const passed = new Map<string, number>()

function run(mount: Mount, people?: number): void {
  passed.set(mount.name, 0)
  const count = (test: () => Promise<void>) => async () => {
    await test()
    passed.set(mount.name, (passed.get(mount.name) ?? 0) + 1)
  }
  mountContract({ describe, it: (title, test) => it(title, count(test)), mount, ...(people && { people }) })
}

for (const mount of [bareMount, fastifyMount, nestExpressMount, nestFastifyMount, nextMount]) run(mount)
for (const mount of [
  lenientFastifyMount,
  prefixedNestExpressMount,
  prefixedNestFastifyMount,
  basePathNextMount,
  trailingSlashNextMount,
]) {
  run(mount, 50)
}

afterAll(() => console.table(Object.fromEntries([...passed].map(([name, count]) => [name, { passed: count }]))))
