import { readFile } from 'node:fs/promises'

/** The style of all pages, on all frameworks. */
export function styleSheet(): Promise<string> {
  return readFile(new URL('../public/style.css', import.meta.url), 'utf8')
}
