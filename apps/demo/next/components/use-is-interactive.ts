import { useSyncExternalStore } from 'react'

/** Whether this page's scripts run: false while the server renders, and until React has taken over. */
export function useIsInteractive(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
}
