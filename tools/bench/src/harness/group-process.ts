import { type Effort, measure, type Operation } from './measure.ts'
import type { Table } from './table.ts'

/** What a group is measured with: `test/groups/{name}.ts`. */
export interface GroupOrder extends Effort {
  readonly group: string
  readonly size: 'check' | 'quick' | 'full'
  /** What the names of the operations have in them. Default: any. */
  readonly only?: string | undefined
}

/** What a group gives: operations that are measured in this process, or tables that it makes in processes of its own. */
export interface Group {
  readonly operations?: readonly Operation[]
  readonly tables?: (order: GroupOrder) => Promise<readonly Table[]>
}

// A process for each group: what one leaves in the heap and in the compiler is no matter of another.
const order = JSON.parse(process.argv[2] ?? '') as GroupOrder
const { operations = [], tables } = (await import(`../../test/groups/${order.group}.ts`)) as Group
const found: Table[] = [...((await tables?.(order)) ?? [])]
for (const operation of operations) {
  if (operation.operation.includes(order.only ?? '')) found.push(await measure(operation, order))
}
process.send?.(found, () => process.exit())
