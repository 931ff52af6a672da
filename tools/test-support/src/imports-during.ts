import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What is imported, by its specifier, while a program runs from the sources in a folder. It is a module of Node's. */
export async function importsDuring(program: string, folder: string): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({ resolve: (specifier, context, next) => { seen.add(specifier); return next(specifier, context) } })
    ${program}
    console.log(JSON.stringify([...seen]))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=latchkey:source', '--input-type=module', '--eval', script],
    { cwd: folder },
  )
  return JSON.parse(stdout) as string[]
}
