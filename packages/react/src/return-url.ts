import { useSyncExternalStore } from 'react'

const never = (): (() => void) => () => {}

/**
 * The `return_url` for a back end. On another origin a path would lead to a page of the back end, so the origin of this
 * page goes before it; the server does not know that, and the page adds it when it is hydrated.
 */
export function useReturnUrl(basePath: string, returnTo: string | undefined): string | undefined {
  const origin = useSyncExternalStore(
    never,
    () => location.origin,
    () => '',
  )
  if (basePath.startsWith('/')) return returnTo
  const target = returnTo ?? '/'
  return /^\/(?![/\\])/.test(target) ? origin + target : target
}
