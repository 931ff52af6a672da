import type { SessionState } from './session-state.ts'

/** What this tab tells the others of its origin, and hears from them: that something has changed, and never what. */
export interface TabChannel {
  tell(): void
  close(): void
}

/** Opens the channel of one back end. A browser without BroadcastChannel hears nothing, and asks when it gets the focus. */
export function openTabChannel(basePath: string, onChange: () => void): TabChannel {
  if (typeof BroadcastChannel !== 'function') return { tell() {}, close() {} }
  const channel = new BroadcastChannel(nameOf(basePath))
  // Whoever sent it, and whatever it says: what is shown comes from the back end alone.
  channel.addEventListener('message', onChange)
  return {
    tell: () => channel.postMessage('changed'),
    close() {
      channel.removeEventListener('message', onChange)
      channel.close()
    },
  }
}

/**
 * Remembers whom this tab has shown last, also across the navigations of a sign-in.
 *
 * @returns Whether that is somebody else than before.
 */
export function rememberShown(basePath: string, state: SessionState): boolean {
  if (state.status !== 'signed-in' && state.status !== 'signed-out') return false
  const shown = JSON.stringify(state.session === null ? [] : [state.session.user.provider, state.session.user.subject])
  try {
    const before = sessionStorage.getItem(nameOf(basePath))
    if (before !== shown) sessionStorage.setItem(nameOf(basePath), shown)
    return before !== shown
  } catch {
    // The user has forbidden the page to keep anything.
    return false
  }
}

function nameOf(basePath: string): string {
  return `latchkey ${basePath}`
}
