/**
 * What a route is for: one of core's own (`session`, `logout`, `logout_next`, `confirm`), or what a request of a provider's
 * route attempts; `other` for one that attempts nothing, and `unknown` for a request that no route takes.
 */
export type RouteKind =
  | 'login'
  | 'callback'
  | 'launch'
  | 'token'
  | 'session'
  | 'logout'
  | 'logout_next'
  | 'confirm'
  | 'other'
  | 'unknown'
