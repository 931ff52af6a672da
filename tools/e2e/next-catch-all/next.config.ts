import type { NextConfig } from 'next'

// One app, built once for each set of Next's own options.
export default {
  poweredByHeader: false,
  ...(JSON.parse(process.env.MOUNT_OPTIONS ?? '{}') as NextConfig),
} satisfies NextConfig
