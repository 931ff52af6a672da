export { installWithNpm, plainEnvironment, plainShell } from './plain-shell.ts'
export { type LocalRegistry, publishLocally } from './registry/local-registry.ts'
export { packPublicPackages, type Tarball } from './tarball.ts'
