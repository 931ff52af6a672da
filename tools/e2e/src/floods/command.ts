import { parseArgs } from 'node:util'
import { runFloods } from './run-floods.ts'

const { values } = parseArgs({ options: { requests: { type: 'string', default: '20000' } } })
const count = Number(values.requests)
let broken = 0

for (const strategy of ['cookie', 'store'] as const) {
  console.info(`\nSessions: ${strategy}. ${count} of each request, ${new Date().toISOString().slice(0, 10)}\n`)
  console.info('| request | answers | store commands | vendor calls | heap growth | promises of others |')
  console.info('|---|---|---|---|---|---|')
  for (const result of await runFloods(strategy, count)) {
    const answers = Object.entries(result.statuses).map(([status, times]) => `${times} × ${status}`)
    const growth = result.grownMegabytes === null ? '' : `${result.grownMegabytes} MB`
    const kept = result.broken.length === 0 ? 'kept' : `**${result.broken.join(', ')}**`
    broken += result.broken.length
    console.info(
      `| ${result.what} | ${answers.join(', ')} | ${result.storeCommands} | ${result.vendorCalls} | ${growth} | ${kept} |`,
    )
  }
}
if (broken > 0) process.exitCode = 1
