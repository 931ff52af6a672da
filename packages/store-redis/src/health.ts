import type { StoreHealth } from '@latchkey/core'
import type { CircuitBreaker } from './circuit-breaker.ts'
import type { Commands, Server } from './commands.ts'

type Problem = StoreHealth['problems'][number]

/** Answers of a Redis that is there and takes no writes: a replica, out of memory, or unable to write to its disk. */
const refusesWrites = /^(?:READONLY|OOM|MISCONF|NOREPLICAS)\b/

/** What is asked, and for how long. */
interface HealthProbe {
  readonly commands: Commands
  readonly attempt: CircuitBreaker
  readonly timeoutMilliseconds: number
}

/**
 * Asks whether Redis takes a write, and each server that takes writes what it does with the entries. What a server does
 * not let this user ask (INFO, CONFIG) is taken for good: only a problem that is seen is told.
 */
export async function readHealth(
  { commands, attempt, timeoutMilliseconds }: HealthProbe,
  write: () => Promise<unknown>,
): Promise<StoreHealth> {
  const problems = new Set<Problem>()
  const checks = [
    checkWrite(() => attempt(write), problems),
    checkServers(() => attempt(() => serverProblems(commands)), problems),
  ]
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve), timeoutMilliseconds)
  }).then(() => void problems.add('unreachable'))
  await Promise.race([Promise.all(checks), late])
  clearTimeout(timer)
  // One that cannot be reached is not asked for the rest: which answers came in is chance.
  const found: readonly Problem[] = problems.has('unreachable') ? ['unreachable'] : [...problems].sort(inOrder)
  return { ok: found.length === 0, problems: found }
}

const order: readonly Problem[] = ['unreachable', 'read_only', 'evicts', 'not_persistent']

function inOrder(one: Problem, other: Problem): number {
  return order.indexOf(one) - order.indexOf(other)
}

async function checkWrite(write: () => Promise<unknown>, problems: Set<Problem>): Promise<void> {
  try {
    await write()
  } catch (error) {
    problems.add(error instanceof Error && refusesWrites.test(error.message) ? 'read_only' : 'unreachable')
  }
}

async function checkServers(ask: () => Promise<readonly Problem[]>, problems: Set<Problem>): Promise<void> {
  try {
    for (const problem of await ask()) problems.add(problem)
  } catch {
    problems.add('unreachable')
  }
}

async function serverProblems(commands: Commands): Promise<readonly Problem[]> {
  return (await Promise.all((await commands.servers()).map(problemsOf))).flat()
}

async function problemsOf(server: Server): Promise<readonly Problem[]> {
  const info = (await ifAllowed(server.info())) ?? ''
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const policy = field('maxmemory_policy') ?? 'noeviction'
  const found: Problem[] = policy === 'noeviction' ? [] : ['evicts']
  // INFO tells of the append-only file, but of snapshots only CONFIG does.
  if (field('aof_enabled') === '0' && savesNoSnapshots(await ifAllowed(server.config('save'))))
    found.push('not_persistent')
  return found
}

/** An answer of CONFIG GET save: a list of name and value, an object or a map. */
function savesNoSnapshots(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  if (answer instanceof Map) return answer.get('save') === ''
  return Array.isArray(answer) ? answer[1] === '' : (answer as { readonly save?: unknown }).save === ''
}

/** The answer, or null if this user may not ask, or the server does not know the command. */
async function ifAllowed<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && /^(?:NOPERM|ERR unknown)/.test(error.message)) return null
    throw error
  }
}
