import { isAuthError } from '@latchkey/core'
import type { Demo } from './demo.ts'
import { originAt } from './framework.ts'

/** What `GET /api/reports` said to one caller. */
export interface ReportsAnswer {
  readonly caller: 'a machine' | 'you' | 'nobody'
  readonly presents: string
  /** The status, or the code of the error that left the caller without a token. */
  readonly status: number | string
  readonly body: string
}

/**
 * Calls this server's own API as three callers: with the application's token, with the user's, and with none.
 *
 * @param getAccessToken Gives the user's token, by the adapter of the framework.
 */
export async function askForReports(
  demo: Demo,
  getAccessToken: () => Promise<string>,
): Promise<readonly ReportsAnswer[]> {
  const machineToken = (): Promise<string> => demo.machine.machineToken()
  return [
    {
      caller: 'a machine',
      presents: "the application's own token (client credentials)",
      ...(await ask(demo, machineToken)),
    },
    {
      caller: 'you',
      presents: 'your access token, which never leaves the back end',
      ...(await ask(demo, getAccessToken)),
    },
    { caller: 'nobody', presents: 'no token', ...(await ask(demo, async () => null)) },
  ]
}

async function ask(
  { framework, environment }: Demo,
  token: () => Promise<string | null>,
): Promise<Pick<ReportsAnswer, 'status' | 'body'>> {
  try {
    const bearer = await token()
    const response = await fetch(`${originAt(environment.ports[framework])}/api/reports`, {
      headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
    })
    return { status: response.status, body: JSON.stringify(await response.json(), null, 2) }
  } catch (error) {
    if (isAuthError(error)) return { status: error.code, body: error.message }
    throw error
  }
}
