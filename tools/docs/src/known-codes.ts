import type { ErrorTable } from './error-tables.ts'

/** Writes the list of our own codes, which `@latchkey/opentelemetry` knows from those of an app. */
export function knownCodesModule(tables: readonly ErrorTable[]): string {
  const codes = tables.flatMap(({ rows }) => rows.map(({ code }) => code)).toSorted()
  return `/** All codes of Latchkey. Made from the tables in the source: \`pnpm document\`. */
export const knownCodes: ReadonlySet<string> = new Set([
${[...new Set(codes)].map((code) => `  '${code}',\n`).join('')}])
`
}
