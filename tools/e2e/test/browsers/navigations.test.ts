import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readTables } from './navigations-page.ts'
import { type RecordingSite, startRecordingSite } from './recording-site.ts'
import { allWays } from './ways/all-ways.ts'
import type { Browser, Page } from './ways/way.ts'
import { rowOf } from './what-was-sent.ts'

const tables = readTables()

it('docs/navigations.md has every way that is tried here, and no other', () => {
  const names = Object.entries(allWays).map(([section, ways]) => [section, Object.keys(ways)])
  expect([...tables].map(([section, rows]) => [section, [...rows.keys()]])).toEqual(names)
})

describeWithBrowser('Chromium sends what docs/navigations.md says, and Latchkey takes it so', () => {
  let browser: Browser
  let site: RecordingSite
  let page: Page
  beforeAll(async () => {
    site = await startRecordingSite()
  })
  beforeEach(async () => {
    const context = await browser.newContext()
    await context.addCookies([{ name: 'lax', value: '1', url: site.ours, httpOnly: true, sameSite: 'Lax' }])
    page = await context.newPage()
  })
  afterEach(() => page.context().close())
  afterAll(() => site.close())
  shareBrowser((shared) => {
    browser = shared
  })

  describe.each(Object.entries(allWays))('%s', (section, ways) => {
    it.each(Object.entries(ways))('%s', async (name, way) => {
      const { open, isMeant } = typeof way === 'function' ? { open: way, isMeant: undefined } : way
      const login = site.login()
      await open({ browser, page, site, login, target: site.ours + login })
      const asked = await site.arrived(login, isMeant)
      expect(await rowOf(asked, site.ours)).toEqual(tables.get(section)?.get(name))
    })
  })

  it('A script cannot make a request of the mode navigate', async () => {
    const login = site.login()
    await page.goto(site.ours + site.page('Ours'))
    const failures = await page.evaluate(async (url) => {
      const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error))
      const asRequest = (): string => {
        try {
          return new Request(url, { mode: 'navigate' }).mode
        } catch (error) {
          return nameOf(error)
        }
      }
      return [await fetch(url, { mode: 'navigate' }).then(() => 'sent', nameOf), asRequest()]
    }, login)
    expect(failures).toEqual(['TypeError', 'TypeError'])
  })
})
