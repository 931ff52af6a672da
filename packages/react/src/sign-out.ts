import { credentialsFor } from './read-session.ts'
import type { SessionStore } from './session-store.ts'

/**
 * Signs out by a request of its own, so that the other tabs hear of it at once, and then leaves the page, whose memory may
 * hold what the user saw. Where that request fails the browser sends the form as it would without JavaScript, and shows
 * what the back end says.
 */
export async function sendSignOut(store: SessionStore, form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form)
  const returnUrl = fields.get('return_url')
  let vendor: string | null
  try {
    vendor = await postSignOut(store.basePath, new URLSearchParams([...fields].filter(isText)))
  } catch {
    return submitByBrowser(form)
  }
  void store.changed()
  const target = vendor ?? ownPage(typeof returnUrl === 'string' ? returnUrl : '/')
  // A page of another origin is for the back end to allow: it has nothing left to end, and sends the browser on.
  if (target === null) submitByBrowser(form)
  else location.assign(target)
}

/** Sends the form as the browser itself does; also one that React has taken out of the page meanwhile. */
function submitByBrowser(form: HTMLFormElement): void {
  const sent = form.isConnected ? form : document.body.appendChild(form.cloneNode(true) as HTMLFormElement)
  HTMLFormElement.prototype.submit.call(sent)
}

/** Ends the session; the URL at which the browser has to go on signing out, if there is one. */
async function postSignOut(basePath: string, body: URLSearchParams): Promise<string | null> {
  const response = await fetch(`${basePath}/logout`, {
    method: 'POST',
    body,
    headers: { accept: 'application/json' },
    credentials: credentialsFor(basePath),
    redirect: 'error',
    // A tab that is closed meanwhile signs out all the same.
    keepalive: true,
  })
  if (response.status !== 200) throw new Error(`The sign-out was answered with status ${response.status}.`)
  const { signOutUrl } = (await response.json()) as { readonly signOutUrl?: unknown }
  if (signOutUrl === undefined) return null
  if (typeof signOutUrl !== 'string' || !/^https?:\/\//i.test(signOutUrl)) throw new Error('No URL to sign out at.')
  return signOutUrl
}

/** A page of this origin; null for everything else, a `javascript:` URL among it. */
function ownPage(returnUrl: string): string | null {
  try {
    const url = new URL(returnUrl, location.origin)
    return url.origin === location.origin ? url.href : null
  } catch {
    return null
  }
}

function isText(field: [string, FormDataEntryValue]): field is [string, string] {
  return typeof field[1] === 'string'
}
