import { readSyntax, type Syntax } from './syntax.ts'
import type { Workspace, WorkspaceFile, WorkspacePackage } from './workspace.ts'

/** A file with all that a rule may ask about it. */
export interface Subject {
  readonly workspace: Workspace
  readonly package: WorkspacePackage
  /** The path from the root: `packages/core/src/vault/vault.ts`. */
  readonly path: string
  readonly text: string
  readonly syntax: Syntax
  /** Whether the file is a test, or stands in a `test` folder. */
  readonly isTest: boolean
  /** Whether the file is published: in `packages/`, and not a test. */
  readonly isPublished: boolean
}

/** What is wrong, and on which line. The message says what to do instead. */
export interface Finding {
  readonly line: number
  readonly message: string
}

/** One rule of the house. */
export type Rule = (subject: Subject) => readonly Finding[]

/** Reads a file of the workspace for the rules. */
export function subjectOf(workspace: Workspace, owner: WorkspacePackage, file: WorkspaceFile): Subject {
  const path = `${owner.folder}/${file.path}`
  const isTest = /^test\/|\.test\.tsx?$/.test(file.path)
  return {
    workspace,
    package: owner,
    path,
    text: file.text,
    syntax: readSyntax(path, file.text),
    isTest,
    isPublished: path.startsWith('packages/') && !isTest,
  }
}
