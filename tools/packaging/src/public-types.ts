import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript-5'
import { packageFolders } from './tarball.ts'

/**
 * What is missing in the built types: the doc comment of an export or of a member of it, and types that a public type names
 * and that no entry exports. Each finding is a sentence.
 */
export function checkPublicTypes(root: string): readonly string[] {
  const entries = packageFolders(root).flatMap((folder) => typesOf(folder))
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  })
  const checker = program.getTypeChecker()
  const exported = new Set(entries.flatMap((entry) => exportsOf(program, checker, entry)))
  // By declarations: those of an interface that other packages add to are not all of one symbol.
  const known = new Set([...exported].flatMap(({ declarations = [] }) => declarations))
  const findings = [...exported].flatMap((symbol) =>
    (symbol.declarations ?? [])
      .filter(isOurs)
      .flatMap((declaration) => [
        ...undocumented(checker, symbol, declaration),
        ...namedBy(checker, declaration)
          .filter(({ declarations = [] }) => declarations.some(isOurs) && !declarations.some((one) => known.has(one)))
          .map((named) => `${named.name} is named by ${symbol.name}, and no entry exports it`),
      ])
      .map((finding) => `${relative(root, symbol.declarations?.[0]?.getSourceFile().fileName ?? '')}: ${finding}`),
  )
  return [...new Set(findings)]
}

function typesOf(folder: string): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly types?: string }>>
  }
  return Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [join(folder, types)]))
}

function exportsOf(program: ts.Program, checker: ts.TypeChecker, entry: string): readonly ts.Symbol[] {
  const file = program.getSourceFile(entry)
  const module = file && checker.getSymbolAtLocation(file)
  if (module === undefined) throw new Error(`${entry} is no module. Was it built?`)
  return checker.getExportsOfModule(module).map((symbol) => withoutAlias(checker, symbol))
}

function undocumented(checker: ts.TypeChecker, symbol: ts.Symbol, declaration: ts.Declaration): readonly string[] {
  const isDocumented = (one: ts.Symbol): boolean =>
    one.getDocumentationComment(checker).length > 0 || one.getJsDocTags(checker).length > 0
  const members = membersOf(declaration).flatMap((member) => {
    const name = member.name && checker.getSymbolAtLocation(member.name)
    return name === undefined || isDocumented(name) ? [] : [`${symbol.name}.${name.name}`]
  })
  return [...(isDocumented(symbol) ? [] : [symbol.name]), ...members].map((name) => `${name} has no doc comment`)
}

function membersOf(declaration: ts.Declaration): readonly (ts.TypeElement | ts.ClassElement)[] {
  if (ts.isInterfaceDeclaration(declaration)) return [...declaration.members]
  if (ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type)) {
    return [...declaration.type.members]
  }
  return []
}

/** The types that a declaration names, but for its own type parameters and what is marked as `@internal`. */
function namedBy(checker: ts.TypeChecker, declaration: ts.Declaration): readonly ts.Symbol[] {
  const found: ts.Symbol[] = []
  const visit = (node: ts.Node): void => {
    if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')) return
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : ts.isImportTypeNode(node)
          ? node.qualifier
          : undefined
    const symbol = name && checker.getSymbolAtLocation(name)
    if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.TypeParameter) === 0) {
      found.push(withoutAlias(checker, symbol))
    }
    ts.forEachChild(node, visit)
  }
  visit(declaration)
  return found
}

const withoutAlias = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)

const isOurs = (declaration: ts.Declaration): boolean =>
  /\/packages\/[^/]+\/dist\//.test(declaration.getSourceFile().fileName)
