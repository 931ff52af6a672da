import { defineConfig } from 'vitest/config'

/** Packages are tested from their sources; what is built is tested by apps/demo and tools/packaging. */
export const conditions: string[] = ['latchkey:source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Its key ignores tsconfig.json, so a changed compiler flag would test yesterday's code.
    fsModuleCache: false,
    // A busy machine is slow, not wrong: speed belongs in `pnpm load`.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
