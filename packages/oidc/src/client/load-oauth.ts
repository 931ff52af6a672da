import type * as oauth from './oauth.ts'

/** What is used of oauth4webapi. */
export type Oauth = typeof oauth

let loading: Promise<Oauth> | undefined

/** Loads oauth4webapi when it is first needed. Once: `import()` of what is loaded takes longer than a seal. */
export function loadOauth(): Promise<Oauth> {
  return (loading ??= import('./oauth.ts'))
}
