import type * as oauth4webapi from 'oauth4webapi'

let loading: Promise<typeof oauth4webapi> | undefined

/** Loads oauth4webapi when it is first needed. Once: `import()` of what is loaded takes longer than a seal. */
export function loadOauth(): Promise<typeof oauth4webapi> {
  return (loading ??= import('oauth4webapi'))
}
