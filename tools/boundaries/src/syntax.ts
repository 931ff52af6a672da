import { parseSync, Visitor } from 'oxc-parser'

/** A name, and the line that it stands on. */
export interface Mention {
  readonly name: string
  readonly line: number
}

/** What a file says, as far as the rules ask. */
export interface Syntax {
  /** Specifiers of imports, re-exports, dynamic imports and type imports. */
  readonly imports: readonly Mention[]
  readonly starExports: readonly Mention[]
  readonly defaultExports: readonly Mention[]
  /** Identifiers, with members of `globalThis` among them. Names of members and keys are left out. */
  readonly identifiers: readonly Mention[]
  /** Members as they are written: `Math.random`. */
  readonly members: readonly Mention[]
}

/**
 * Reads a TypeScript file. Types count as well as values: an arrow is an arrow.
 *
 * @throws Error when the file does not parse.
 */
export function readSyntax(path: string, text: string): Syntax {
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path} does not parse: ${errors[0].message}`)
  const found = { imports: [], starExports: [], defaultExports: [], identifiers: [], members: [] } as Record<
    keyof Syntax,
    Mention[]
  >
  const keys = new Set<object>()
  const note = (kind: keyof Syntax, name: string, start: number): void => {
    found[kind].push({ name, line: lineOf(text, start) })
  }

  new Visitor({
    ImportDeclaration: ({ source }) => note('imports', source.value, source.start),
    ExportNamedDeclaration({ source, specifiers, start }) {
      if (source) note('imports', source.value, source.start)
      for (const { exported } of specifiers) {
        const name = exported.type === 'Literal' ? exported.value : exported.name
        if (name === 'default') note('defaultExports', name, start)
      }
    },
    ExportAllDeclaration({ source, start }) {
      note('imports', source.value, source.start)
      note('starExports', source.value, start)
    },
    ExportDefaultDeclaration: ({ start }) => note('defaultExports', 'default', start),
    ImportExpression({ source }) {
      if (source.type === 'Literal' && typeof source.value === 'string') note('imports', source.value, source.start)
    },
    TSImportType: ({ source }) => note('imports', source.value, source.start),
    MemberExpression({ object, property, computed, start }) {
      if (computed || property.type !== 'Identifier') return
      keys.add(property)
      if (object.type !== 'Identifier') return
      note('members', `${object.name}.${property.name}`, start)
      if (object.name === 'globalThis') note('identifiers', property.name, start)
    },
    Property({ key, computed }) {
      if (!computed) keys.add(key)
    },
    PropertyDefinition: ({ key, computed }) => void (computed || keys.add(key)),
    MethodDefinition: ({ key, computed }) => void (computed || keys.add(key)),
    TSPropertySignature: ({ key, computed }) => void (computed || keys.add(key)),
    TSMethodSignature: ({ key, computed }) => void (computed || keys.add(key)),
    TSQualifiedName: ({ right }) => void keys.add(right),
    Identifier(node) {
      if (!keys.has(node)) note('identifiers', node.name, node.start)
    },
  }).visit(program)
  return found
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
