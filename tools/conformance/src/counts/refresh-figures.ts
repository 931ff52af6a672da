import { startClock } from '../clock.ts'
import { createWristbandAuth } from '../party/latchkey-party.ts'
import { startProvider } from '../provider/start-provider.ts'
import type { Figure } from './figure.ts'
import { startGuardedApp } from './guarded-app.ts'

const lifetimeSeconds = 1800

/** How often a provider's token endpoint is asked by requests that hold a session which has expired. */
export async function refreshFigures(): Promise<readonly Figure[]> {
  const clock = startClock()
  const provider = await startProvider(clock)
  const app = await startGuardedApp(createWristbandAuth({ provider, clock }))
  const browser = app.browser()
  await app.signIn(browser)
  const late = browser.copy()

  clock.now += lifetimeSeconds
  const good = await app.ask(browser, 100)
  const calls = provider.journal.count('refresh')
  clock.now += 29
  const lateGood = await app.ask(late, 100)
  const lateCalls = provider.journal.count('refresh') - calls
  const { violations } = provider.journal
  await app.close()
  await provider.close()
  return [
    {
      name: '100 requests at once with an expired session',
      counted: `${calls} token call, ${good} good answers`,
      required: '1 token call, 100 good answers',
      holds: calls === 1 && good === 100,
    },
    {
      name: '100 requests with the old cookie, 29 s after',
      counted: `${lateCalls} token calls, ${lateGood} good answers`,
      required: '0 token calls, 100 good answers',
      holds: lateCalls === 0 && lateGood === 100,
    },
    {
      name: 'rules broken at the provider meanwhile',
      counted: String(violations.length),
      required: '0',
      holds: violations.length === 0,
    },
  ]
}
