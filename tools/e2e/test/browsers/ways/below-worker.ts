import type { Asked } from '../arrivals.ts'
import { asDownload, byForm, byLink, byRedirect, byScript } from './by-page.ts'
import { byUser } from './by-user.ts'
import { inFrames } from './in-frames.ts'
import { click, link, script, type Way, type Ways } from './way.ts'

/** Lets a service worker of the app take over its pages, and opens the address then. */
function below(path: string, way: Way): Way {
  return async (opening) => {
    const { page: tab, site } = opening
    await tab.goto(site.ours + site.page('Installs a worker'))
    await tab.evaluate(async (worker) => {
      const controlled = new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('controllerchange', resolve)
      })
      await navigator.serviceWorker.register(worker, { scope: '/' })
      await controlled
    }, path)
    await way(opening)
  }
}

function named(ways: Ways, name: string): Way {
  const way = ways[name]
  if (typeof way !== 'function') throw new Error(`There is no way "${name}".`)
  return way
}

const passedOn = (ways: Ways, names: readonly string[] = Object.keys(ways)): Ways =>
  Object.fromEntries(names.map((name) => [name, below('/worker.js', named(ways, name))]))

/** The ways of other tables, where a service worker answers with `fetch(event.request)`. */
export const belowWorker: Ways = {
  ...passedOn(
    byUser,
    Object.keys(byUser).filter((name) => !name.includes('view-source')),
  ),
  ...passedOn(byLink),
  ...passedOn(byScript),
  ...passedOn(byForm),
  ...passedOn(byRedirect),
  ...passedOn(asDownload),
  ...passedOn(inFrames, [
    '`<iframe>` on our page',
    '`<iframe>` on a page of a sibling host',
    '`<iframe>` on a page of another site',
    '`<object>` on our page',
    '`<embed>` on our page',
  ]),
}

const ourLink = click('ours', link())
const typed = named(byUser, 'typed in the address bar, bookmark')

const isPreload = ({ headers }: Asked): boolean => headers['service-worker-navigation-preload'] !== undefined

/** What the code of a service worker changes. */
export const byWorker: Ways = {
  'link on our page, the worker answers by `fetch(new Request(event.request))`': below('/worker-copy.js', ourLink),
  'link on our page, the worker answers by `fetch(event.request, { cache })`': below('/worker-changed.js', ourLink),
  'link on our page, the worker answers by `fetch(event.request.url)`': below('/worker-url.js', ourLink),
  'link on our page, the worker answers nothing': below('/worker-silent.js', ourLink),
  'typed, the worker answers nothing': below('/worker-silent.js', typed),
  'link on our page, the worker uses the navigation preload': below('/worker-preload.js', ourLink),
  'link on a page of another site, the worker uses the navigation preload': below(
    '/worker-preload.js',
    click('other', link()),
  ),
  'typed, the worker uses the navigation preload': below('/worker-preload.js', typed),
  'typed, the worker leaves the preload unused: the preload': {
    open: below('/worker-wasteful.js', typed),
    isMeant: isPreload,
  },
  'typed, the worker leaves the preload unused: its own request': {
    open: below('/worker-wasteful.js', typed),
    isMeant: (asked) => !isPreload(asked),
  },
  '`fetch()` of our page below a worker': below('/worker.js', async (opening) => {
    const code = script(({ target }) => `fetch('${target}')`)(opening)
    await opening.page.goto(opening.site.ours + opening.site.page(code))
  }),
}
