import { createNextMount } from '../../src/mounts/next-mount.ts'
import { describeRoundTrips } from './describe-round-trips.ts'

const build = { app: 'next-catch-all', name: 'next-catch-all', options: {} } as const

describeRoundTrips(createNextMount('Next', build), { rewritesQueries: true })
