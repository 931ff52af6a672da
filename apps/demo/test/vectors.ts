import { readFileSync } from 'node:fs'

/** Return targets, each with what must become of it. */
export interface RedirectPayload {
  readonly category: string
  readonly payload: string
  readonly expect: 'reject' | 'same-origin-or-reject'
}

/** Names of tenants, by what must become of them. */
export interface TenantNames {
  readonly reject: readonly string[]
  readonly accept: readonly string[]
  readonly normalise: Readonly<Record<string, string>>
}

const packages = new URL('../../../packages/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, packages), 'utf8')

export const redirectPayloads: readonly RedirectPayload[] = JSON.parse(read('core/test/vectors/open-redirects.json'))

/** Return targets that must be accepted. */
export const allowedRedirects: readonly string[] = read('core/test/vectors/open-redirects-allow.txt')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))

export const tenantNames: TenantNames = JSON.parse(read('core-wristband/test/vectors/tenant-names.json'))
