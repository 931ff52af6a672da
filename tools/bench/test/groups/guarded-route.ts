import type { RunningApp } from '../../src/harness/start-app.ts'
import { payload } from './reference.ts'

/** Over how many connections the guarded route of an app is asked. */
export const connections = 64

/** Asks it as one of the users. Throws where it says anything else than who that is. */
export async function ask({ pool, path = '/me', cookies = [] }: RunningApp, index: number): Promise<void> {
  const headers = { cookie: cookies[index % cookies.length] ?? '', host: 'app.example' }
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
  const text = await body.text()
  if (statusCode !== 200 || text !== JSON.stringify({ email: payload.claims.email })) throw new Error(`it says ${text}`)
}
