import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { sendWebResponse, toWebRequest } from '@latchkey/core/adapter/node'
import { listen } from '@latchkey/tool-test-support'
import { type Alias, build } from 'vite'
import type { PageHost } from './app.ts'

/** A page as Vite builds it. */
export interface VitePage {
  /** What is served at a path: the page at `/` and `/session`; undefined where there is no file. */
  fileAt(path: string): { readonly type: string; readonly body: Buffer | string } | undefined
  remove(): void
}

const source = join(import.meta.dirname, '../../next-app/vite')
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' }

/**
 * Builds the page for one version of React, of the packages as they are published.
 *
 * @param basePath Where the back end is, if on another origin.
 */
export async function buildVitePage(react: 18 | 19, basePath?: string): Promise<VitePage> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-vite-'))
  const outDir = join(folder, 'dist')
  const attribute = basePath === undefined ? '' : ` data-base-path="${basePath}"`
  const page = `<!doctype html><html lang="en"${attribute}><title>Session</title><div id="root"></div><script type="module" src="${source}/main.tsx"></script></html>`
  writeFileSync(join(folder, 'index.html'), page)
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: react === 18 ? aliasesOfReact18() : [] },
    build: { outDir, emptyOutDir: true, minify: false },
    // What both versions of React say while they develop, StrictMode among it.
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  return {
    fileAt(path) {
      const file = join(outDir, path === '/' || path === '/session' ? 'index.html' : path)
      if (!existsSync(file) || extname(file) === '') return undefined
      return { type: types[extname(file)] ?? 'application/octet-stream', body: readFileSync(file) }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Everything that imports React gets 18, what React itself imports of it among them. */
function aliasesOfReact18(): readonly Alias[] {
  const { resolve } = createRequire(import.meta.url)
  return ['react', 'react-dom'].map((name) => ({
    find: new RegExp(`^${name}(?=/|$)`),
    replacement: dirname(resolve(`${name}-18/package.json`)),
  }))
}

/** Serves a page beside the routes of an auth, without a framework. */
export function viteHost(page: VitePage): PageHost {
  return {
    async start(auth) {
      const server = await listen(async (incoming, outgoing) => {
        const [path = '/'] = (incoming.url ?? '/').split('?')
        const file = path.startsWith('/auth/') ? undefined : page.fileAt(path)
        if (file !== undefined) return outgoing.setHeader('content-type', file.type).end(file.body)
        const { request, body } = await toWebRequest(incoming, incoming)
        return sendWebResponse(outgoing, await auth().handle(request, { body }))
      })
      return { origin: `http://localhost:${server.port}`, close: server.close }
    },
  }
}
