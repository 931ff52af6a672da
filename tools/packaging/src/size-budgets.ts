/** The most that a bundle of one entry may be. */
export interface SizeBudget {
  readonly package: string
  /** The entry in `exports`; `.` by default. */
  readonly entry?: string
  /** The one export that is imported; all of the entry by default. */
  readonly name?: string
  /** 1,000 bytes, minified and compressed by gzip, with all dependencies and without peers. */
  readonly kilobytes: number
}

/** What apps import alone, and then each entry as a whole. Each has a tenth to spare. */
export const sizeBudgets: readonly SizeBudget[] = [
  { package: 'core-wise', name: 'createWiseClient', kilobytes: 5 },
  { package: 'core-wristband', name: 'createWristbandClient', kilobytes: 52 },
  { package: 'core-wink', name: 'createWinkClient', kilobytes: 46 },
  { package: 'adapter-express', kilobytes: 12 },
  { package: 'adapter-fastify', kilobytes: 12 },
  { package: 'adapter-nest', kilobytes: 14 },
  { package: 'adapter-next', kilobytes: 7 },
  { package: 'core-wink', kilobytes: 48 },
  { package: 'core-wink', entry: './browser', kilobytes: 2.5 },
  { package: 'core-wise', kilobytes: 6 },
  { package: 'core-wristband', kilobytes: 56 },
  { package: 'core', kilobytes: 37 },
  { package: 'core', entry: './provider', kilobytes: 10 },
  { package: 'core', entry: './adapter', kilobytes: 9 },
  { package: 'core', entry: './adapter/node', kilobytes: 4 },
  { package: 'core', entry: './testing', kilobytes: 4 },
  { package: 'core', entry: './store', kilobytes: 0.5 },
  { package: 'core', entry: './http', kilobytes: 14 },
  { package: 'core', entry: './crypto', kilobytes: 5 },
  { package: 'emulator', kilobytes: 31 },
  { package: 'oidc', kilobytes: 39 },
  { package: 'oidc', entry: './verify', kilobytes: 22 },
  { package: 'opentelemetry', kilobytes: 7 },
  { package: 'react', kilobytes: 3.5 },
  { package: 'store-postgres', kilobytes: 6 },
  { package: 'store-redis', kilobytes: 6 },
  { package: 'testkit', kilobytes: 60 },
]
