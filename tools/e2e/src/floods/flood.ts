/** A request of a flood. */
export interface FloodRequest {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A login that whoever floods has begun, as anyone can. */
export interface OwnLogin {
  /** Its `state`, as it stands in a URL. */
  readonly state: string
  /** The cookies of its browser. */
  readonly cookie: string
}

/** One kind of request that anybody can send. */
export interface Flood {
  readonly what: string
  /** Another request for each number. */
  request(index: number, own: OwnLogin): FloodRequest
  /** The path of the login that each request begins for itself; by default all have one login of `acme`. */
  readonly begins?: string
  /** The most commands that the store may get for so many requests. Default 0. */
  mostStoreCommands?(count: number): number
  /** The most calls that vendors may get for so many requests. Default 0. */
  mostVendorCalls?(count: number): number
}

const byNavigation = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'cross-site',
}

/** What a browser says when it opens a page by a link of another site. */
export function navigate(path: string, headers: Readonly<Record<string, string>> = {}): FloodRequest {
  return { path, headers: { ...byNavigation, ...headers } }
}

/** What a page of the app posts, or any program that says so. */
export function post(path: string, fields: Readonly<Record<string, string>> = {}, cookie?: string): FloodRequest {
  return {
    method: 'POST',
    path,
    headers: {
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
      ...(cookie !== undefined && { cookie }),
    },
    body: new URLSearchParams(fields).toString(),
  }
}

/** A text of 43 characters, as cookies and states of ours have, another for each number. */
export function madeUp(index: number): string {
  return `${index}`.padStart(43, 'A')
}

/** The cookie of a session that is made up: in a store it would have to be looked for. */
export function madeUpSession(index: number): string {
  return `__Host-latchkey=${madeUp(index)}`
}

/** The cookie of a login that is made up. */
export function madeUpLogin(index: number, provider = 'acme'): string {
  return `__Host-latchkey.${provider}.${`${index}`.padStart(11, 'A')}=x`
}

/** A token whose signature is made up. */
export function jwt(header: object, claims: object): string {
  const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  return [...parts, 'A'.repeat(342)].join('.')
}
