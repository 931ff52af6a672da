// Builds the package that it is started in: `src` without tests into `dist`, by the options of its tsconfig.json.
// Plain JavaScript, since it also runs where Node does not read TypeScript.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.cwd()
const declarations = !process.argv.includes('--no-declarations')
const cache = join(folder, 'node_modules/.cache')
const compilerOptions = {
  noEmit: false,
  rootDir: join(folder, 'src'),
  outDir: join(folder, 'dist'),
  ...(declarations ? {} : { declaration: false, declarationMap: false }),
}
const config = {
  extends: join(folder, 'tsconfig.json'),
  compilerOptions,
  include: [join(folder, 'src')],
  exclude: [join(folder, 'src/**/*.test.ts'), join(folder, 'src/**/*.test-d.ts')],
}

mkdirSync(cache, { recursive: true })
// What was built of a file that is gone would be published.
rmSync(compilerOptions.outDir, { recursive: true, force: true })
writeFileSync(join(cache, 'tsconfig.build.json'), JSON.stringify(config))
const { status, error } = spawnSync(
  join(import.meta.dirname, '../node_modules/.bin/tsc'),
  ['-p', join(cache, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  },
)
if (error) throw error
process.exit(status ?? 1)
