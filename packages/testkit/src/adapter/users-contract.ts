import { assertEqual } from '../assertion.ts'
import type { AdapterTest } from './adapter-test.ts'
import type { ExampleApp } from './example-app.ts'
import { exampleToken } from './example-provider.ts'
import { memberOf } from './expectations.ts'

const atOnce = 50

/** Users who use the app at the same time. */
export const usersContract: readonly AdapterTest[] = [
  {
    title: 'is never taken for another, however many come at once',
    async run({ users, start }) {
      const app = await start()
      const waiting = Array.from({ length: users }, (_, index) => `user-${index}`)
      const wrong: string[] = []
      let seen = 0
      const serve = async (): Promise<void> => {
        for (let subject = waiting.pop(); subject !== undefined; subject = waiting.pop()) {
          for (const found of await visit(app, subject)) {
            seen++
            if (found !== subject) wrong.push(`${subject} was taken for ${String(found)}`)
          }
        }
      }
      await Promise.all(Array.from({ length: Math.min(atOnce, users) }, serve))
      assertEqual(wrong.slice(0, 5), [], 'the users who were mixed up')
      assertEqual(seen, users * 4, 'the number of answers')
    },
  },
]

/** Signs a user in; gives whom four answers at once take them for. */
async function visit(app: ExampleApp, subject: string): Promise<readonly unknown[]> {
  const browser = app.browser()
  await browser.signIn({ subject, isDue: true })
  const headers = { authorization: `Bearer ${exampleToken(subject)}` }
  const answers = await Promise.all([
    browser.fetch(app.path('/protected')),
    browser.fetch(app.path('/read')),
    browser.fetch(app.path('/either'), { headers }),
  ])
  const told = await browser.fetch(`${app.basePath}/session`)
  const identities = memberOf(told, 'identities') as { example?: { subject?: string } } | undefined
  return [...answers.map((answer) => memberOf(answer, 'subject')), identities?.example?.subject]
}
