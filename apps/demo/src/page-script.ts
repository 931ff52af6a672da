import { readFile } from 'node:fs/promises'

/** The script of the pages of Fastify and Nest, as `build-page-script.ts` has built it. */
export function pageScript(): Promise<string> {
  return readFile(new URL('../dist/public/page-script.js', import.meta.url), 'utf8')
}
