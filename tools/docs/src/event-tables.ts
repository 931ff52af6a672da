import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One member of an event. */
export interface EventMember {
  readonly name: string
  readonly isOptional: boolean
  readonly text: string
}

/** What the source says of one type of events. */
export interface EventRow {
  readonly type: string
  /** When it comes. */
  readonly text: string
  /** What to do about it; null where there is nothing to do. */
  readonly alert: string | null
  readonly members: readonly EventMember[]
}

/** The source of the events: interfaces with a comment each. */
const eventsSource = 'packages/core/src/model/event.ts'

/** Reads the events from their source. */
export function readEventTables(root: string): readonly EventRow[] {
  return eventRows(readFileSync(join(root, eventsSource), 'utf8'))
}

/** The events that a source declares, in its order: `interface … extends EventOf<'a.b'>, EventReason`, and the provider's own. */
export function eventRows(source: string): readonly EventRow[] {
  const interfaces =
    /\/\*\*((?:(?!\*\/)[^])*)\*\/\n(?:export )?interface (\w+)(?: extends EventOf<'([\w.]+)'>(, EventReason)?)? \{(?:\}|\n([^]*?)\n\})/g
  return [...source.matchAll(interfaces)].flatMap(([, comment = '', name, type, why, body = '']) => {
    const isOfProviders = name === 'ProviderEvent'
    if (type === undefined && !isOfProviders) return []
    const [text = '', alert] = commentText(comment).split('@alert ')
    const members = membersOf(body).filter((member) => member.name !== 'at' && member.name !== 'type')
    const ofWhy = why === undefined ? [] : ['code', 'reason', 'hint'].filter((each) => !hasMember(members, each))
    return {
      type: type ?? 'provider.*',
      text: text.trim(),
      alert: alert?.trim() ?? null,
      members: [...members, ...ofWhy.map((each) => ({ name: each, isOptional: true, text: '' }))],
    }
  })
}

function hasMember(members: readonly EventMember[], name: string): boolean {
  return members.some((member) => member.name === name)
}

function membersOf(body: string): readonly EventMember[] {
  return [...body.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n\s*)?readonly (\w+)(\?)?:/g)].map(
    ([, comment = '', name = '', mark]) => ({ name, isOptional: mark !== undefined, text: commentText(comment) }),
  )
}

/** The text of a comment, with its lines joined; a list stays one. */
function commentText(comment: string): string {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trim())
  return lines
    .join('\n')
    .replaceAll(/\n(?!\n|- )/g, ' ')
    .replaceAll(/ +\n|\n +/g, '\n')
    .trim()
}
