import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The folder of the Next app. */
export const nextApp: string = fileURLToPath(new URL('../../next', import.meta.url))

/** Next's own command, to be run by Node. */
export const nextCommand: string = createRequire(import.meta.url).resolve('next/dist/bin/next')

/** What Next is always run with. */
export const nextVariables = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } as const
