import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// 1,000 users on a slow machine, and builds of Next within the first test that needs one: one after the other.
export default mergeConfig(shared, { test: { testTimeout: 180_000, fileParallelism: false } })
