import { randomBytes } from 'node:crypto'

const name = 'latchkey-demo-journey'

/** Which journey a request belongs to: that of its browser, or none. It proves nothing and opens nothing else. */
export function journeyOf(headers: Pick<Headers, 'get'>): string | null {
  const [, id] = /(?:^|; ?)latchkey-demo-journey=([\w-]{22})(?:;|$)/.exec(headers.get('cookie') ?? '') ?? []
  return id ?? null
}

/** A name for a new journey. */
export function newJourney(): string {
  return randomBytes(16).toString('base64url')
}

/** The line that gives a browser its journey until it is closed. */
export function journeyCookie(id: string): string {
  return `${name}=${id}; Path=/; HttpOnly; SameSite=Lax`
}
