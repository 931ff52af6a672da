/** Takes over every page at once. */
const worker = (onFetch: string, onActivate = ''): string => `
  addEventListener('install', () => skipWaiting())
  addEventListener('activate', (event) => event.waitUntil((async () => { ${onActivate}; await clients.claim() })()))
  addEventListener('fetch', (event) => { ${onFetch} })
`
const answering = (expression: string, onActivate?: string): string =>
  worker(`event.respondWith(${expression})`, onActivate)
const preload = 'await registration.navigationPreload.enable()'

/** Service workers of the app, by their path. */
export const workerScripts: ReadonlyMap<string, string> = new Map([
  // What is in no cache is passed on, as most workers do.
  ['/worker.js', answering('fetch(event.request)')],
  ['/worker-copy.js', answering('fetch(new Request(event.request))')],
  ['/worker-changed.js', answering("fetch(event.request, { cache: 'no-store' })")],
  ['/worker-url.js', answering('fetch(event.request.url)')],
  [
    '/worker-preload.js',
    answering('event.preloadResponse.then((response) => response ?? fetch(event.request))', preload),
  ],
  ['/worker-wasteful.js', answering('fetch(event.request)', preload)],
  ['/worker-silent.js', worker('')],
])
