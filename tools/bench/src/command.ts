import { parseArgs } from 'node:util'
import { runGroup } from './harness/run-group.ts'
import { tableText } from './harness/table-text.ts'

// `pnpm bench`: the built packages beside a floor and the libraries that an app could use in their place.
const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    /** Groups, with a comma between. */
    group: { type: 'string' },
    /** What the names of the operations have in them. */
    only: { type: 'string' },
  },
})

const groups = values.group?.split(',') ?? ['session', 'jwt', 'wise', 'login']
const effort = values.full ? { rounds: 15, milliseconds: 60 } : { rounds: 7, milliseconds: 25 }

for (const group of groups) {
  for (const table of await runGroup({ group, full: values.full, only: values.only, ...effort }))
    console.info(`\n${tableText(table)}`)
}
