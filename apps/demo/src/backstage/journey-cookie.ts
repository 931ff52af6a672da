import { randomBytes } from 'node:crypto'

const name = 'latchkey-demo-journey'

/** The journey of the browser that sent a Cookie header, or null. It proves nothing and opens nothing else. */
export function journeyOf(cookie: string | null | undefined): string | null {
  const [, id] = /(?:^|; ?)latchkey-demo-journey=([\w-]{22})(?:;|$)/.exec(cookie ?? '') ?? []
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
