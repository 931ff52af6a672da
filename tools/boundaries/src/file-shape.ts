import type { Rule } from './rule.ts'

const maximumLines = 300
const drawer = /\/(utils?|helpers?|common|misc|types)(?:\.[cm]?tsx?$|\/)/

/** A file holds one concept and is named for it. */
export const keepFilesSmall: Rule = ({ text, isTest }) => {
  const lines = text.trimEnd().split('\n').length
  return isTest || lines <= maximumLines
    ? []
    : [{ line: maximumLines + 1, message: `${lines} lines: split it before ${maximumLines}` }]
}

/** A drawer for everything is a name for nothing. */
export const nameFilesForConcepts: Rule = ({ path }) => {
  const name = drawer.exec(path)?.[1]
  return name === undefined
    ? []
    : [{ line: 1, message: `"${name}" names no concept: name the file for what it exports` }]
}
