import { click, type From, form, link, type Opening, page, redirected, script, type Way, type Ways } from './way.ts'

const noReferrer = { 'referrer-policy': 'no-referrer' }

const clickBy =
  (
    options: { readonly button?: 'middle'; readonly modifiers?: ['ControlOrMeta' | 'Shift'] },
    from: From = 'ours',
  ): Way =>
  async ({ page: tab, site, target }) => {
    await tab.goto(site[from] + site.page(`<a id="go" href="${target}">go</a>`))
    await tab.click('#go', options)
  }

const onClick = (code: (opening: Opening) => string) => (opening: Opening) =>
  `<button id="go" onclick="${code(opening)}">go</button>`

const meta = ({ target }: Opening): string => `<meta http-equiv="refresh" content="0; url=${target}">`

/** A link inside a frame that opens the address at the top. */
const linkInFrame =
  (from: From, sandbox = ''): Way =>
  async ({ page: tab, site, target }) => {
    const inner = site[from] + site.page(`<a id="go" target="_top" href="${target}">go</a>`)
    await tab.goto(site.ours + site.page(`<iframe src="${inner}" ${sandbox}></iframe>`))
    await tab.frameLocator('iframe').locator('#go').click()
  }

export const byLink: Ways = {
  'link on our page': click('ours', link()),
  'link on our page with `Referrer-Policy: no-referrer`': click('ours', link(), noReferrer),
  'link on our page with `rel="noreferrer"`': click('ours', link('rel="noreferrer"')),
  'link on our page with `Referrer-Policy: origin`': click('ours', link(), { 'referrer-policy': 'origin' }),
  'link on a page of another port': click('otherPort', link()),
  'link on a page of a sibling host': click('sibling', link()),
  'link on a page of another site': click('other', link()),
  'link on a page of another site with `Referrer-Policy: no-referrer`': click('other', link(), noReferrer),
  'link on a page of another site with `Referrer-Policy: unsafe-url`': click('other', link(), {
    'referrer-policy': 'unsafe-url',
  }),
  'middle click on our link: new tab': clickBy({ button: 'middle' }),
  'Ctrl and click on our link: new tab': clickBy({ modifiers: ['ControlOrMeta'] }),
  'Shift and click on our link: new window': clickBy({ modifiers: ['Shift'] }),
  'middle click on a link of another site': clickBy({ button: 'middle' }, 'other'),
  '`target="_blank"` on our page (`noopener` is the default)': click('ours', link('target="_blank"')),
  '`target="_blank" rel="opener"` on our page': click('ours', link('target="_blank" rel="opener"')),
  '`target="_blank" rel="noopener noreferrer"` on our page': click(
    'ours',
    link('target="_blank" rel="noopener noreferrer"'),
  ),
  '`target="_blank"` on a page of another site': click('other', link('target="_blank"')),
  'link to the top in a frame of ours on our page': linkInFrame('ours'),
  'link to the top in a frame of another site on our page': linkInFrame('other'),
  'link to the top in a sandboxed frame of ours': linkInFrame('ours', 'sandbox="allow-top-navigation"'),
}

export const byScript: Ways = {
  '`location = …` of our page as it loads': page(
    'ours',
    script(({ target }) => `location = '${target}'`),
  ),
  '`location = …` of our page on a click': click(
    'ours',
    onClick(({ target }) => `location = '${target}'`),
  ),
  '`location.replace(…)` of our page': page(
    'ours',
    script(({ target }) => `location.replace('${target}')`),
  ),
  '`navigation.navigate(…)` of our page': page(
    'ours',
    script(({ target }) => `navigation.navigate('${target}')`),
  ),
  '`window.open(…)` of our page on a click': click(
    'ours',
    onClick(({ target }) => `window.open('${target}')`),
  ),
  '`window.open(…, "noopener")` of our page on a click': click(
    'ours',
    onClick(({ target }) => `window.open('${target}', '', 'noopener')`),
  ),
  '`link.click()` by a script of our page': page('ours', (opening) => `${link()(opening)}<script>go.click()</script>`),
  '`<meta http-equiv="refresh">` of our page': page('ours', meta),
  'header `Refresh` of our page': (opening) => page('ours', () => '', { refresh: `0; url=${opening.target}` })(opening),
  '`location = …` of a page of another site': page(
    'other',
    script(({ target }) => `location = '${target}'`),
  ),
  '`<meta http-equiv="refresh">` of a page of another site': page('other', meta),
  '`window.open(…)` of a page of another site on a click': click(
    'other',
    onClick(({ target }) => `window.open('${target}')`),
  ),
  'a page of another site moves a window with our page on': async ({ page: tab, site, target }) => {
    const ourPage = site.ours + site.page('Ours')
    await tab.goto(site.other + site.page(onClick(() => `opened = window.open('${ourPage}')`)({} as Opening)))
    const [popup] = await Promise.all([tab.waitForEvent('popup'), tab.click('#go')])
    await popup.waitForURL(ourPage)
    await tab.evaluate((url) => Object.assign(Reflect.get(globalThis, 'opened') as object, { location: url }), target)
  },
  'link of another site to our page, which goes on by `location = …`': async (opening) => {
    const { site, target } = opening
    const ourPage = site.ours + site.page(`<script>location = '${target}'</script>`)
    await click('other', link())({ ...opening, target: ourPage })
  },
}

export const byForm: Ways = {
  'GET form on our page': async (opening) => click('ours', formOf(opening, 'get'))(opening),
  'GET form on a page of another site': async (opening) => click('other', formOf(opening, 'get'))(opening),
  'POST form on our page': click('ours', form('post')),
  'POST form on our page with `Referrer-Policy: no-referrer`': click('ours', form('post'), noReferrer),
  'POST form on a page of a sibling host': click('sibling', form('post')),
  'POST form on a page of another site': click('other', form('post')),
  'POST form on our page to our route, then 303': redirected(click('ours', form('post')), [303, 'ours']),
  "POST form on our page with `no-referrer` and `form-action 'self'` to our route, then 303": redirected(
    click('ours', form('post'), { ...noReferrer, 'content-security-policy': "form-action 'self'" }),
    [303, 'ours'],
  ),
  'POST form on our page to our route, then 302': redirected(click('ours', form('post')), [302, 'ours']),
  'POST form on our page to our route, then 307': redirected(click('ours', form('post')), [307, 'ours']),
  'POST form on a page of another site to our route, then 303': redirected(click('other', form('post')), [303, 'ours']),
  'POST form on our page to another site, then 303': redirected(click('ours', form('post')), [303, 'other']),
  'POST form that a script of another site submits': page(
    'other',
    (opening) => `${form('post')(opening)}<script>document.forms[0].submit()</script>`,
  ),
}

/** A GET form replaces the query of its action: its fields are the query of the address. */
function formOf({ target }: Opening, method: 'get'): () => string {
  const { origin, pathname, searchParams } = new URL(target)
  const fields = [...searchParams].map(([name, value]) => `<input name="${name}" value="${value}">`).join('')
  return () => `<form method="${method}" action="${origin}${pathname}">${fields}<button id="go">go</button></form>`
}

const ourLink = click('ours', link())
const otherLink = click('other', link())

export const byRedirect: Ways = {
  ...Object.fromEntries(
    [301, 302, 303, 307, 308].map((status) => [
      `link on our page, then ${status} of ours`,
      redirected(ourLink, [status, 'ours']),
    ]),
  ),
  'link on our page, then 302, 303 and 307 of ours': redirected(ourLink, [302, 'ours'], [303, 'ours'], [307, 'ours']),
  'link on our page to another site, then 303': redirected(ourLink, [303, 'other']),
  'link on our page to a sibling host, then 303': redirected(ourLink, [303, 'sibling']),
  'link on a page of another site to our page, then 303': redirected(otherLink, [303, 'ours']),
  'link on a page of another site to our page, then 303 with `Referrer-Policy: no-referrer`': (opening) => {
    const { site, target } = opening
    const hop = site.ours + site.redirect(303, target, noReferrer)
    return otherLink({ ...opening, target: hop })
  },
  'link on a page of another site, then 302 of its own': redirected(otherLink, [302, 'other']),
  'link on a page of a sibling host to our page, then 303': redirected(click('sibling', link()), [303, 'ours']),
  'link on our page to another site, 307 there, 303 of ours': redirected(ourLink, [307, 'other'], [303, 'ours']),
}

const file =
  (way: Way): Way =>
  (opening) =>
    way({ ...opening, target: `${opening.target}&file` })

export const asDownload: Ways = {
  'link with `download` on our page': click('ours', link('download')),
  'link with `download` on a page of another site': click('other', link('download')),
  'link on our page, answered with `Content-Disposition: attachment`': file(ourLink),
  'link on a page of another site, answered with `Content-Disposition: attachment`': file(otherLink),
}
