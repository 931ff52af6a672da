import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describeWithBrowser } from '@latchkey/tool-test-support'
import { build } from 'esbuild'
import { describe } from 'vitest'

/**
 * A checkout of the vendor's SDK. It is not part of this repository, and not everywhere on npm: `git clone
 * https://github.com/wristband-dev/react-client-auth ~/.cache/latchkey/react-client-auth`, or say where it is.
 */
const folder = process.env['WRISTBAND_REACT_CLIENT_AUTH'] ?? join(homedir(), '.cache/latchkey/react-client-auth')

/** A suite that needs the vendor's SDK and a browser. Without them it is skipped, and says why. */
export function describeWithReactSdk(title: string, suite: () => void): void {
  if (existsSync(join(folder, 'src/index.ts'))) {
    describeWithBrowser(title, suite)
    return
  }
  console.warn(
    `Skipped: ${title}. The source of @wristband/react-client-auth is not in ${folder}. Clone https://github.com/wristband-dev/react-client-auth there, or set WRISTBAND_REACT_CLIENT_AUTH.`,
  )
  describe.skip(title, suite)
}

/** The script of the page, with the vendor's SDK as it is and the React of this workspace. */
export async function reactPageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page.jsx')],
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    write: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { '@wristband/react-client-auth': join(folder, 'src/index.ts') },
    nodePaths: [join(import.meta.dirname, '../../node_modules')],
  })
  return outputFiles[0]?.text ?? ''
}
