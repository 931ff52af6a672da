import type { NextConfig } from 'next'

export default {
  poweredByHeader: false,
  // Types are checked by `pnpm typecheck`, with all others.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['redis'],
} satisfies NextConfig
