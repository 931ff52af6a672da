import { deepStrictEqual, match, ok, rejects } from 'node:assert/strict'
import { runApp, runCommands, untilItAnswers } from '@latchkey/tool-packaging'
import { freePort } from '@latchkey/tool-test-support'
import type { Browser } from 'playwright-core'
import { ada, signIn, signInAndOut, signInAndOutInPage, type WayIn } from './sign-in.ts'

/** A page that was followed, and what it says to run. */
export interface Followed {
  readonly folder: string
  readonly commands: readonly string[]
  readonly browser: Browser
  /** Variables of what runs beside it. */
  readonly settings: Readonly<Record<string, string>>
}

/** Sees that what a page shows does what the page says; says what was seen. @throws Error when it does not. */
export type Check = (followed: Followed) => Promise<string>

const serves =
  (seen: string, visit: (browser: Browser, origin: string) => Promise<void>, port?: number): Check =>
  async ({ folder, commands, browser, settings }) => {
    const running = await runApp(commands, folder, { port: port ?? (await freePort()), ...settings })
    try {
      await visit(browser, running.origin)
    } finally {
      await running.stop()
    }
    return seen
  }

/** The app of a guide, which reads where it is: a protected page leads to the sign-in and back. */
export const signsInAndOut: Check = serves('signed in and out', (browser, origin) => signInAndOut(browser, origin, ada))

const way: WayIn = { provider: 'wristband', button: `Sign in as ${ada.fullName}`, subject: ada.subject, at: '/' }

/** A program on port 3000. */
export const signsIn = (other: Partial<WayIn> = {}): Check =>
  serves('signed in', (browser, origin) => signIn(browser, origin, { ...way, ...other }), 3000)

const servesPage = serves(
  'signed in and out in the page',
  async (browser, origin) => {
    await untilItAnswers('http://localhost:3000')
    await signInAndOutInPage(browser, origin, ada)
  },
  5173,
)

/** A page of Vite and its back end, which run at the same time. */
export const signsInAndOutInPage: Check = ({ commands, ...followed }) =>
  servesPage({ ...followed, commands: [commands.join(' & ')] })

/** A program that ends. */
export const prints =
  (pattern: RegExp): Check =>
  async ({ folder, commands, settings }) => {
    match(await runCommands(commands, folder, settings), pattern)
    return 'printed what it says'
  }

/** Tests, of which there are at least as many, and which fail once something is broken. */
export const passes =
  (atLeast: number, breakIt?: (folder: string) => void): Check =>
  async ({ folder, commands }) => {
    const output = await runCommands(commands, folder)
    const count = (what: string): number => Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(output)?.[1])
    ok(count('tests') >= atLeast, output)
    deepStrictEqual([count('pass'), count('fail')], [count('tests'), 0])
    breakIt?.(folder)
    if (breakIt !== undefined) await rejects(runCommands(commands, folder), /✖ failing tests/)
    return `${count('tests')} tests passed`
  }
