import type { RequestCookies } from './request-cookies.ts'
import type { ResponseCookies } from './response-cookies.ts'

/** The cookies that a request brought and those that its response sets. */
export interface CookieExchange {
  readonly sent: RequestCookies
  readonly response: ResponseCookies
}
