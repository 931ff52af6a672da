import { createExampleAuth, type ExampleRoute, type Mount, protectedMarker } from '@latchkey/testkit'
import { type KeepAliveClient, openKeepAliveClient, type TargetAnswer } from './keep-alive-client.ts'

/** An app that needs a session for every URL beside its auth routes. */
export interface CatchAllApp {
  readonly basePath: string
  /** What the mount has in front of every page. */
  readonly prefix: string
  /** Where a sign-in leads that has no page to come back to. */
  readonly home: string
  /** @param cookies A Cookie header. */
  openBrowser(cookies?: string): CatchAllBrowser
  close(): Promise<void>
}

/** A browser that sends the target of a request as it is. */
export interface CatchAllBrowser {
  open(target: string): Promise<TargetAnswer>
  /** A script of a page fetches. */
  fetch(target: string): Promise<TargetAnswer>
  /** A page sends a form. */
  submit(target: string, fields: Readonly<Record<string, string>>): Promise<TargetAnswer>
  /** The Cookie header by now. */
  cookies(): string
}

/** Long, because the length of a page must not count it. */
export const appOrigin = 'https://a-department-with-a-long-name.app.example'

export const signInPage = '/sign-in'

const page: ExampleRoute = {
  path: '/*',
  methods: ['GET'],
  guard: { kind: 'session', session: {} },
  answer: async ({ session }) => ({
    headers: [],
    body: { marker: protectedMarker, subject: session?.user.subject ?? null },
  }),
}

/** Starts the app. Without a page for signing in, its guards answer problem documents. */
export async function startCatchAllApp(
  mount: Mount,
  { hasSignInPage, home }: { readonly hasSignInPage: boolean; readonly home: string },
): Promise<CatchAllApp> {
  const { basePaths: [basePath] = ['/auth'], prefix = '' } = mount
  const pages = hasSignInPage ? { signIn: signInPage } : {}
  const { auth } = createExampleAuth({ baseUrl: appOrigin, basePath, pages })
  const running = await mount.start({ auth, routes: [page] })
  const client = openKeepAliveClient(running.origin, appOrigin)
  return {
    basePath,
    prefix,
    home,
    openBrowser: (cookies = '') => openBrowser(client, cookies),
    close() {
      client.close()
      return running.close()
    },
  }
}

const byNavigation = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
}

const byScript = { accept: '*/*', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }

function openBrowser(client: KeepAliveClient, sent: string): CatchAllBrowser {
  // All of ours are for every path of the host.
  const jar = new Map<string, string>()
  if (sent !== '') for (const pair of sent.split('; ')) keep(jar, pair)
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const send = async (request: Parameters<KeepAliveClient['send']>[0]): Promise<TargetAnswer> => {
    const headers = { 'sec-fetch-site': 'same-origin', ...request.headers, ...(jar.size > 0 && { cookie: cookies() }) }
    const answer = await client.send({ ...request, headers })
    for (const line of answer.setCookies) keep(jar, line)
    return answer
  }
  return {
    open: (target) => send({ method: 'GET', target, headers: byNavigation }),
    fetch: (target) => send({ method: 'GET', target, headers: byScript }),
    submit(target, fields) {
      const body = new URLSearchParams(fields).toString()
      const headers = {
        ...byNavigation,
        origin: appOrigin,
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(body.length),
      }
      return send({ method: 'POST', target, headers, body })
    },
    cookies,
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1)
  const name = pair.slice(0, pair.indexOf('='))
  if (pair.length > 4096) throw new Error(`A browser ignores a cookie of ${pair.length} bytes: ${name}`)
  if (/; *max-age=0/i.test(line)) jar.delete(name)
  else jar.set(name, pair.slice(name.length + 1))
}
