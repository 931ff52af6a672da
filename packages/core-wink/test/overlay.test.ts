import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { reportFromOverlay, runInOverlay, type WinkSignInResult } from '../src/page/overlay.ts'

/** As much of a page as the overlay touches. */
interface Page {
  /** A message arrives. */
  receive(event: { readonly source: unknown; readonly origin: string; readonly data: unknown }): void
  /** What is in the frame of the overlay. */
  readonly frameWindow: object
  /** The user presses the button that closes the overlay. */
  close(): void
}

const origin = 'https://app.example'
const labels = { label: 'Sign in', closeLabel: 'Close' }
const signedIn: WinkSignInResult = { kind: 'signed-in' }
const report = { type: 'latchkey-wink-result', result: signedIn }

function openPage(): Page {
  const listeners: Record<string, ((event: unknown) => void)[]> = { message: [], click: [], close: [] }
  const frameWindow = {}
  const element = {
    style: {},
    contentWindow: frameWindow,
    setAttribute: () => {},
    append: () => {},
    showModal: () => {},
    remove: () => {},
    addEventListener: (type: string, listener: (event: unknown) => void) => listeners[type]?.push(listener),
    close: () => listeners['close']?.forEach((listener) => listener({})),
  }
  vi.stubGlobal('document', { createElement: () => element, body: element })
  vi.stubGlobal('location', { origin })
  vi.stubGlobal('addEventListener', (type: string, listener: (event: unknown) => void) => {
    listeners[type]?.push(listener)
  })
  vi.stubGlobal('removeEventListener', () => {})
  return {
    frameWindow,
    receive: (event) => listeners['message']?.forEach((listener) => listener(event)),
    close: () => element.close(),
  }
}

let page: Page
beforeEach(() => {
  page = openPage()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the overlay', () => {
  it('ends with what its own frame reports from our own origin', async () => {
    const result = runInOverlay('https://wink.example/login', labels)
    page.receive({ source: page.frameWindow, origin, data: report })
    expect(await result).toEqual(signedIn)
  })

  it.each([
    ['another window of ours', { source: {}, origin, data: report }],
    ['no window', { source: null, origin, data: report }],
    ['its own frame while that is at Wink', { source: 'frame', origin: 'https://wink.example', data: report }],
    ['its own frame at another port', { source: 'frame', origin: `${origin}:8443`, data: report }],
    ['its own frame in a sandbox', { source: 'frame', origin: 'null', data: report }],
    ['its own frame with another message', { source: 'frame', origin, data: { type: 'other', result: signedIn } }],
    ['its own frame with a text', { source: 'frame', origin, data: 'latchkey-wink-result' }],
    ['its own frame with nothing', { source: 'frame', origin, data: null }],
  ])('hears nothing of a message of %s', async (_from, event) => {
    const result = runInOverlay('https://wink.example/login', labels)
    page.receive({ ...event, source: event.source === 'frame' ? page.frameWindow : event.source })
    page.close()
    expect(await result).toEqual({ kind: 'cancelled' })
  })
})

describe('a page in the overlay', () => {
  it('tells what came of the login to our own origin alone', () => {
    const postMessage = vi.fn()
    vi.stubGlobal('window', { name: 'latchkey-wink', parent: { postMessage } })
    reportFromOverlay(signedIn)
    expect(postMessage.mock.calls).toEqual([[report, origin]])
  })

  it.each(['', 'other'])('tells nobody where the frame is not ours: %j', (name) => {
    const postMessage = vi.fn()
    vi.stubGlobal('window', { name, parent: { postMessage } })
    reportFromOverlay(signedIn)
    expect(postMessage).not.toHaveBeenCalled()
  })
})
