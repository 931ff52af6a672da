import { assertEqual } from '../assertion.ts'
import { codeOfRejection, expectNothingTold } from './expectations.ts'
import type { ProviderApp } from './provider-app.ts'
import type { ProviderTest } from './provider-test.ts'
import { failures } from './refusal-contract.ts'

/** No secret and no personal data anywhere, whatever happens. */
export const secrecyContract: readonly ProviderTest[] = [
  {
    title: 'tells no secret and no personal data in a sign-in, a refresh and a sign-out',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      await app.signIn(browser)
      await refresh(app, async () => void (await codeOfRejection(app.accessToken(browser))))
      await browser.submit('/auth/logout')
      assertEqual(app.vendor.canaries.length > 0, true, 'whether the double has canaries')
      expectNothingTold(app)
    },
  },
  {
    title: 'tells no secret and no personal data when something fails',
    async run(start) {
      const app = await start()
      await app.signIn(app.browser(), { outcome: 'denied' })
      const told = () => app.vendor.canaries.join(' ')
      const talkative = () => Response.json({ error: told(), error_description: told() }, { status: 400 })
      for (const answer of [...Object.values(failures), talkative]) {
        const browser = app.browser()
        const callback = await app.callback(await app.begin(browser))
        app.break(answer)
        await browser.open(callback)
        app.break(null)
        app.pass(120)
      }
      const signedIn = app.browser()
      await app.signIn(signedIn)
      app.break(talkative)
      await refresh(app, async () => void (await codeOfRejection(app.accessToken(signedIn))))
      await signedIn.submit('/auth/logout')
      expectNothingTold(app)
    },
  },
]

/** Asks for the tokens now, and when they are due. */
async function refresh(app: ProviderApp, ask: () => Promise<void>): Promise<void> {
  await ask()
  app.pass(86_400)
  await ask()
}
