// Plain data, which the linter's configuration reads too.

/** The folders of a package's `src`, from the top down: a file imports from its own folder and from those below it. */
export const folderOrder: Readonly<Record<string, readonly string[]>> = {
  core: [
    ...['routes', 'guard', 'context', 'session', 'login', 'provider', 'http', 'vault', 'request', 'cookies'],
    ...['store-calls', 'crypto', 'errors', 'model'],
  ],
  oidc: ['provider', 'client', 'verify', 'errors'],
  'core-wink': ['routes', 'client', 'api', 'tokens', 'model'],
  'core-wristband': ['routes', 'client', 'application', 'tenant', 'model'],
}

/** Folders that import nothing of their package, and that nothing of it imports. */
export const foldersApart: Readonly<Record<string, readonly string[]>> = { 'core-wink': ['page'] }

/** Which packages of ours the published code of a package may import. A package that is not here has no place yet. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  oidc: ['core'],
  'core-wink': ['core', 'oidc'],
  'core-wise': ['core'],
  'core-wristband': ['core', 'oidc'],
  'adapter-express': ['core'],
  'adapter-fastify': ['core'],
  'adapter-nest': ['core'],
  'adapter-next': ['core'],
  'store-postgres': ['core'],
  'store-redis': ['core'],
  opentelemetry: ['core'],
  emulator: [],
  react: ['core'],
  testkit: ['core'],
}

/** Packages of others that the build puts into the code of a package, so that nobody installs them. */
export const putIn: Readonly<Record<string, readonly string[]>> = { core: ['ofetch'] }

/** Published files that may use what only Node has. */
export const nodeFiles: readonly string[] = [
  'packages/{adapter-*,store-*,emulator,testkit}/src/**',
  'packages/core/src/store-calls/*.ts',
  'packages/core/src/*/node{,-*}.ts',
]
