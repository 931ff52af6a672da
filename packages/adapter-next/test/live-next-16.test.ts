import { nextVersions } from './lay-out-app.ts'
import { testLive } from './live-tests.ts'

for (const next of nextVersions) if (next.version === 16) testLive(next)
