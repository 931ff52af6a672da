import { link, type Opening, page, type Way, type Ways } from './way.ts'

const prefetchLink = ({ target }: Opening): string => `<link rel="prefetch" href="${target}">`

const rules =
  (action: 'prefetch' | 'prerender') =>
  (opening: Opening): string => {
    const list = JSON.stringify({ [action]: [{ source: 'list', urls: [opening.target], eagerness: 'immediate' }] })
    return `<script type="speculationrules">${list}</script>${link()(opening)}`
  }

/** The same in a profile that has no cookie of ours: with one, Chromium fetches nothing ahead for another site. */
const withoutCookie =
  (way: Way): Way =>
  async (opening) => {
    await opening.page.context().clearCookies()
    await way(opening)
  }

/** A link to what was fetched ahead and refused then. */
const afterwards =
  (way: Way): Way =>
  async (opening) => {
    await way(opening)
    await opening.site.arrived(opening.login)
    opening.site.forget(opening.login)
    await opening.page.click('#go')
  }

export const ahead: Ways = {
  '`<link rel="prefetch">` on our page': page('ours', prefetchLink),
  '`<link rel="prefetch">` on a page of a sibling host': page('sibling', prefetchLink),
  '`<link rel="prefetch">` on a page of another site': page('other', prefetchLink),
  '`<link rel="prefetch" as="document">` on our page': page(
    'ours',
    ({ target }) => `<link rel="prefetch" as="document" href="${target}">`,
  ),
  '`<link rel="preload" as="fetch">` on our page': page(
    'ours',
    ({ target }) => `<link rel="preload" as="fetch" href="${target}">`,
  ),
  'speculation rules, prefetch, on our page': page('ours', rules('prefetch')),
  'speculation rules, prefetch, on a page of a sibling host': page('sibling', rules('prefetch')),
  'speculation rules, prefetch, on a page of another site, no cookie of ours': withoutCookie(
    page('other', rules('prefetch')),
  ),
  'speculation rules, prerender, on our page': page('ours', rules('prerender')),
  'link on our page, after speculation rules have prefetched it': afterwards(page('ours', rules('prefetch'))),
  'link on our page, after speculation rules have prerendered it': afterwards(page('ours', rules('prerender'))),
}
