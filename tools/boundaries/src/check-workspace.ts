import { followArrows, manifestFollowsArrows } from './arrows.ts'
import { declareDependencies } from './dependencies.ts'
import { keepFilesSmall, nameFilesForConcepts } from './file-shape.ts'
import { keepNodeOut } from './platform.ts'
import { keepProvidersOut } from './provider-names.ts'
import { exportByName, keepConsoleOut, useCryptoRandomness } from './published-code.ts'
import { type Rule, subjectOf } from './rule.ts'
import type { Workspace } from './workspace.ts'

const rules: readonly Rule[] = [
  followArrows,
  declareDependencies,
  keepProvidersOut,
  keepNodeOut,
  keepFilesSmall,
  nameFilesForConcepts,
  exportByName,
  useCryptoRandomness,
  keepConsoleOut,
]

/** Holds the workspace against every rule. Each finding is one line: `path:line message`. */
export function checkWorkspace(workspace: Workspace): readonly string[] {
  return workspace.packages.flatMap((owner) => [
    ...manifestFollowsArrows(owner.folder, owner.manifest).map(
      ({ line, message }) => `${owner.folder}/package.json:${line} ${message}`,
    ),
    ...owner.files.flatMap((file) => {
      const subject = subjectOf(workspace, owner, file)
      const findings = rules.flatMap((rule) => rule(subject))
      return findings.map(({ line, message }) => `${subject.path}:${line} ${message}`)
    }),
  ])
}
