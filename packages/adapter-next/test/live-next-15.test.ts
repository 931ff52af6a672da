import { nextVersions } from './lay-out-app.ts'
import { testLive } from './live-tests.ts'

for (const next of nextVersions) if (next.version === 15) testLive(next)
