import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** What an entry of this package loads before anything of it is called. */
async function importsOf(entry: string): Promise<string[]> {
  const script = `
    import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({ resolve: (specifier, context, next) => { seen.add(specifier); return next(specifier, context) } })
    await import(${JSON.stringify(entry)})
    console.log(JSON.stringify([...seen]))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=latchkey:source', '--input-type=module', '--eval', script],
    { cwd: import.meta.dirname },
  )
  return JSON.parse(stdout) as string[]
}

it.each(['@latchkey/oidc', '@latchkey/oidc/verify'])('%s loads no library before it is used', async (entry) => {
  const imports = await importsOf(entry)
  expect(imports).toContain(entry)
  for (const library of ['oauth4webapi', 'jose', 'ofetch', '#fetch']) expect(imports).not.toContain(library)
})

it('has no oauth4webapi anywhere behind /verify', async () => {
  const imports = await importsOf('@latchkey/oidc/verify')
  expect(imports.filter((specifier) => specifier.includes('/client/'))).toEqual([])
})
