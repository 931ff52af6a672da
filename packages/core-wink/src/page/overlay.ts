/** Not the SDK's own name for its frame: by that it would tell the page around it of a success before there is one. */
const frameName = 'latchkey-wink'

const messageType = 'latchkey-wink-result'

/**
 * Runs a login in a frame over the page, until the callback page in it reports how it went or the user closes it. The
 * frame may use the camera, and cannot take the page away.
 */
export async function runInOverlay(url: string, { label, closeLabel }: OverlayLabels): Promise<WinkSignInResult> {
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-label', label)
  dialog.className = 'latchkey-wink'
  const frame = loginFrame(url, label)
  const close = document.createElement('button')
  close.type = 'button'
  close.textContent = closeLabel
  close.addEventListener('click', () => dialog.close())
  dialog.append(close, frame)
  document.body.append(dialog)
  dialog.showModal()
  let listener: (event: MessageEvent<unknown>) => void = () => {}
  try {
    return await new Promise<WinkSignInResult>((resolve) => {
      listener = ({ source, origin, data }) => {
        if (source === frame.contentWindow && origin === location.origin && isReport(data)) {
          resolve(data.result)
        }
      }
      addEventListener('message', listener)
      dialog.addEventListener('close', () => resolve({ kind: 'cancelled' }))
    })
  } finally {
    removeEventListener('message', listener)
    dialog.remove()
  }
}

/** A message of the callback page, which is our own. */
function isReport(data: unknown): data is { readonly result: WinkSignInResult } {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === messageType
}

/** What the overlay says. */
export interface OverlayLabels {
  readonly label: string
  readonly closeLabel: string
}

function loginFrame(url: string, label: string): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  const { origin } = new URL(url)
  frame.name = frameName
  frame.title = label
  frame.allow = ['camera', 'microphone', 'publickey-credentials-get'].map((name) => `${name} ${origin}`).join('; ')
  frame.setAttribute(
    'sandbox',
    'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox',
  )
  // As wide as the dialog lets it be, whatever padding the app gives that.
  const size = { width: '400px', maxWidth: '100%', height: 'min(650px, 80vh)' }
  Object.assign(frame.style, { display: 'block', border: '0', ...size })
  frame.src = url
  return frame
}

/** Tells the page around this one how the login went, where this is the callback page in the overlay of such a page. */
export function reportFromOverlay(result: WinkSignInResult): void {
  if (window.parent === window || window.name !== frameName) return
  // To our own origin alone, and never a token.
  window.parent.postMessage({ type: messageType, result }, location.origin)
}

/**
 * How a sign-in went. `leaving`: the page is on its way to Wink. `signed-in`: our session has the user. `cancelled`: the
 * user gave up, or Wink refused them. `interrupted`: Wink gave no tokens, begin again; the reason is an OAuth error such
 * as `authentication_expired`, `login_session_state`, `exchange_failed` or `unknown`. `refused`: our back end said no,
 * with this code.
 */
export type WinkSignInResult =
  | { readonly kind: 'leaving' | 'signed-in' | 'cancelled' }
  | { readonly kind: 'interrupted'; readonly reason: string }
  | { readonly kind: 'refused'; readonly code: string }

/** The answer in a callback page's address, taken out of it; null for one that holds a code. */
export function takeRefusal(): WinkSignInResult | null {
  const { hash, search, pathname } = location
  const answer = new URLSearchParams(hash.slice(1))
  if (answer.has('code') && answer.has('state')) return null
  history.replaceState(history.state, '', pathname + search)
  const error = answer.get('error')
  if (error !== null) return refusal(error, answer.get('error_description'))
  const isInterrupted = new URLSearchParams(search).get('login_session_state') === '1'
  return isInterrupted ? { kind: 'interrupted', reason: 'login_session_state' } : { kind: 'cancelled' }
}

/** Keycloak says that a login took too long in the description, under an error that differs from version to version. */
function refusal(error: string, description: string | null): WinkSignInResult {
  if (error === 'access_denied') return { kind: 'cancelled' }
  const name = description === 'authentication_expired' ? description : error
  return { kind: 'interrupted', reason: /^[a-z_]{1,64}$/.test(name) ? name : 'unknown' }
}
