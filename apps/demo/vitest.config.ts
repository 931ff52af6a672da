import { defineConfig } from 'vitest/config'

/** The demo is tested with the packages as they are built: no `latchkey:source` condition. */
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], fsModuleCache: false, testTimeout: 30_000, hookTimeout: 60_000 },
})
