import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { GroupOrder } from './group-process.ts'
import type { Table } from './table.ts'

/** Measures one group in a process of its own. */
export async function runGroup(order: GroupOrder): Promise<readonly Table[]> {
  const child = fork(join(import.meta.dirname, 'group-process.ts'), [JSON.stringify(order)])
  const ended = once(child, 'exit').then(([status]) => {
    throw new Error(`the group ${order.group} ended with ${status}`)
  })
  const [tables] = (await Promise.race([once(child, 'message'), ended])) as [readonly Table[]]
  return tables
}
