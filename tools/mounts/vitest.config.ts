import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// 1,000 people on a slow machine, and a build of Next.
export default mergeConfig(shared, { test: { testTimeout: 60_000, hookTimeout: 300_000 } })
