import { importsDuring } from '@latchkey/tool-test-support'
import { expect, it } from 'vitest'

/** What an entry of this package loads before anything of it is called. */
const importsOf = (entry: string): Promise<readonly string[]> =>
  importsDuring(`await import(${JSON.stringify(entry)})`, import.meta.dirname)

it.each(['@latchkey/oidc', '@latchkey/oidc/verify'])('%s loads no library before it is used', async (entry) => {
  const imports = await importsOf(entry)
  expect(imports).toContain(entry)
  for (const library of ['oauth4webapi', 'jose', 'ofetch', '#fetch']) expect(imports).not.toContain(library)
})

it('has no oauth4webapi anywhere behind /verify', async () => {
  const imports = await importsOf('@latchkey/oidc/verify')
  expect(imports.filter((specifier) => specifier.includes('/client/'))).toEqual([])
})
