import { afterOpening, click, link, type Opening, page, redirected, type Way, type Ways } from './way.ts'

/** Playwright opens an address as a user who types it does. */
const typed: Way = ({ page: tab, target }) => tab.goto(target, { waitUntil: 'commit' }).catch(isDownload)

/** A file is no page, and Playwright says so. */
function isDownload(error: unknown): void {
  if (!String(error).includes('Download is starting')) throw error
}

/** A tab that something outside of the browser's pages opens. */
async function opened({ browser, page: tab, target }: Opening): Promise<void> {
  const ofPage = await tab.context().newCDPSession(tab)
  const { targetInfo } = await ofPage.send('Target.getTargetInfo')
  const ofBrowser = await browser.newBrowserCDPSession()
  const { browserContextId } = targetInfo
  await ofBrowser.send('Target.createTarget', {
    url: target,
    ...(browserContextId === undefined ? {} : { browserContextId }),
  })
}

const reload: Way = ({ page: tab }) => tab.reload()

const backFromElsewhere: Way = async ({ page: tab, site }) => {
  await tab.goto(site.other + site.page('Elsewhere'))
  await tab.goBack()
}

export const byUser: Ways = {
  'typed in the address bar, bookmark': typed,
  'link that another program opens, such as one for mail': opened,
  'typed, then a redirect of ours (303)': redirected(typed, [303, 'ours']),
  'typed address of another site, which redirects (302)': redirected(typed, [302, 'other']),
  '`view-source:`': async ({ page: tab, target }) => {
    const session = await tab.context().newCDPSession(tab)
    await session.send('Page.navigate', { url: `view-source:${target}` })
  },
  'reload of a page that was typed': afterOpening(typed, reload),
  'reload of a page that a link of ours opened': afterOpening(click('ours', link()), reload),
  'reload of a page that a link of another site opened': afterOpening(click('other', link()), reload),
  '`location.reload()` of a page that was typed': afterOpening(typed, ({ page: tab }) =>
    tab.evaluate(() => location.reload()),
  ),
  '`location.reload()` of a page that a link of another site opened': afterOpening(
    click('other', link()),
    ({ page: tab }) => tab.evaluate(() => location.reload()),
  ),
  'back to a page that was typed': afterOpening(typed, backFromElsewhere),
  'back to a page that a link of ours opened': afterOpening(click('ours', link()), backFromElsewhere),
  'back to a page that a link of another site opened': afterOpening(click('other', link()), backFromElsewhere),
  '`history.back()` of a page of another site': afterOpening(typed, (opening) =>
    page('other', () => '<script>onload = () => history.back()</script>')(opening),
  ),
}
