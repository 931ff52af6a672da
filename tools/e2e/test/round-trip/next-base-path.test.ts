import { createNextMount } from '../../src/mounts/next-mount.ts'
import { describeRoundTrips } from './describe-round-trips.ts'

// A file of its own: Next keeps the options of an app for the life of a process.
const build = { app: 'next-catch-all', name: 'next-catch-all-base-path', options: { basePath: '/inner/v1' } } as const

describeRoundTrips(createNextMount('Next with a base path', build), {
  rewritesQueries: true,
  home: build.options.basePath,
})
