import type { WinkSignInResult } from './sign-in-result.ts'

/** Not the SDK's own name for its frame: by that it would tell the page around it of a success before there is one. */
const frameName = 'latchkey-wink'
const messageType = 'latchkey-wink-result'

/**
 * Runs a login in a frame over the page, until the callback page in it reports how it went or the person closes it. The
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
  Object.assign(frame.style, { display: 'block', border: '0', width: 'min(400px, 90vw)', height: 'min(650px, 80vh)' })
  frame.src = url
  return frame
}

/** Tells the page around this one how the login went, where this is the callback page in the overlay of such a page. */
export function reportFromOverlay(result: WinkSignInResult): void {
  if (window.parent === window || window.name !== frameName) return
  // To our own origin alone, and never a token.
  window.parent.postMessage({ type: messageType, result }, location.origin)
}
