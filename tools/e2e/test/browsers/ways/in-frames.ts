import { type From, type Opening, page, script, type Way, type Ways } from './way.ts'

const frame =
  (attributes = '') =>
  ({ target }: Opening): string =>
    `<iframe src="${target}" ${attributes}></iframe>`

/** A frame with a page of another origin in which something opens the address. */
const within =
  (from: From, html: (opening: Opening) => string): Way =>
  (opening) => {
    const inner = opening.site[from] + opening.site.page(html(opening))
    return page('ours', () => `<iframe src="${inner}"></iframe>`)(opening)
  }

export const inFrames: Ways = {
  '`<iframe>` on our page': page('ours', frame()),
  '`<iframe sandbox>` on our page': page('ours', frame('sandbox')),
  '`<iframe>` on a page of another port': page('otherPort', frame()),
  '`<iframe>` on a page of a sibling host': page('sibling', frame()),
  '`<iframe>` on a page of another site': page('other', frame()),
  '`<frame>` on our page': async ({ page: tab, site, target }) => {
    const set = site.page(`<frameset cols="*"><frame src="${target}"></frameset>`)
    await tab.goto(site.ours + set)
  },
  '`<object>` on our page': page('ours', ({ target }) => `<object data="${target}"></object>`),
  '`<embed>` on our page': page('ours', ({ target }) => `<embed src="${target}">`),
  '`<iframe>` of ours that moves on by `location = …`': within(
    'ours',
    script(({ target }) => `location = '${target}'`),
  ),
  '`<iframe>` of another site that moves on by `location = …`': within(
    'other',
    script(({ target }) => `location = '${target}'`),
  ),
}
