import { type Mount, protectedMarker, startExampleApp } from '@latchkey/testkit'
import { bypasses } from './bypasses.ts'
import { openRawClient, type RawRequest } from './raw-request.ts'

/** What came of a grid on one mount. */
export interface GridResult {
  readonly requests: number
  /** How many answers there were of each class of status; what is cut off has none. */
  readonly answers: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx' | 'none', number>>
  /** Requests whose answer held what is protected. */
  readonly leaks: readonly string[]
  /** Requests that the server failed at. */
  readonly failures: readonly string[]
}

const targets = ['/protected', '/bearer'] as const
/** Most of the time goes by with those that a server lets wait for more. */
const atOnce = 64

/** Sends everything that might get by to a mount, without a session. */
export async function runGrid(mount: Mount): Promise<GridResult> {
  const app = await startExampleApp(mount)
  const client = openRawClient(app.mount.origin)
  const answers = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, none: 0 }
  const leaks: string[] = []
  const failures: string[] = []
  const requests = targets.flatMap((target) => bypasses(app.path(target)))
  const waiting = requests.toReversed()
  const work = async (): Promise<void> => {
    for (let request = waiting.pop(); request !== undefined; request = waiting.pop()) {
      const answer = await client.send(request)
      const kind = classOf(answer)
      answers[kind]++
      if (kind === '5xx') failures.push(describeRequest(request))
      if (answer.includes(protectedMarker)) leaks.push(describeRequest(request))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  client.close()
  await app.mount.close()
  return { requests: requests.length, answers, leaks, failures }
}

function classOf(answer: string): keyof GridResult['answers'] {
  const [, first] = /^HTTP\/1\.1 ([2-5])/.exec(answer) ?? []
  return first === undefined ? 'none' : (`${first}xx` as '2xx')
}

function describeRequest({ method, target, lines = [], body = '' }: RawRequest): string {
  return [`${method} ${target.slice(0, 100)}`, ...lines, ...(body === '' ? [] : ['with a body'])].join(' | ')
}
