import { parseArgs } from 'node:util'
import { floodTable } from './flood-table.ts'
import { type FloodResult, runFloods } from './run-floods.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    /** What the names of the kinds have in them. */
    only: { type: 'string', default: '' },
  },
})
const count = Number(values.requests)
const results: FloodResult[] = []
// One after the other: each has both cores, and its memory to itself.
for (const keeping of ['cookies', 'store', 'alone'] as const) {
  results.push(...(await runFloods(keeping, { count, only: values.only })))
}
console.info(`${count} of each request, ${new Date().toISOString().slice(0, 10)}\n\n${floodTable(results)}`)
if (results.some(({ broken }) => broken.length > 0)) process.exitCode = 1
