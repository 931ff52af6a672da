export { installWithNpm, plainEnvironment, plainShell } from './plain-shell.ts'
export { packPublicPackages, readFrom, type Tarball } from './tarball.ts'
