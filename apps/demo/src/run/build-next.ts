import { spawnSync } from 'node:child_process'
import { nextApp, nextCommand, nextVariables } from './next-command.ts'

const { status } = spawnSync(process.execPath, [nextCommand, 'build', nextApp], {
  env: { ...process.env, ...nextVariables },
  stdio: 'inherit',
})
process.exitCode = status ?? 1
