import type { Identity, Session } from '@latchkey/core'
import { evidenceSentence } from '../content/authTimeSource.ts'
import { keepingNames, keepingPromises } from '../content/keeping.ts'
import { halfAnHourLater } from '../content/troubles.ts'
import type { Demo } from '../demo.ts'
import { canPassTime } from '../make-trouble.ts'
import { signOutEverywherePath } from '../sign-out-everywhere.ts'
import { type Html, html } from './html.ts'
import { time } from './time.ts'

/**
 * Sign-in with Wristband, at a tenant of the user's choice. Links, for a form would need every tenant's host in the
 * page's `form-action`.
 */
export function wristbandCard({ tenants }: Demo, returnTo = '/'): Html {
  const links = tenants.map((tenant) => {
    const query = new URLSearchParams({ tenant_name: tenant, return_url: returnTo })
    return html`<a class="button" href="/auth/wristband/login?${String(query)}">Sign in at ${tenant}</a> `
  })
  return html`<section class="card wristband">
<h2>Wristband</h2>
<p>Signs you in at your company: each tenant has a login of its own.</p>
<p class="choices">${links}</p>
</section>`
}

/** Sign-in or step-up with Wink. */
export function winkCard(session: Session | null): Html {
  return html`<section class="card wink">
<h2>Wink</h2>
<p>Knows you by your face, voice or palm.</p>
<p class="choices"><a class="button" href="/auth/wink/login?return_url=%2F">${session === null ? 'Sign in' : 'Step up'} with Wink</a></p>
</section>`
}

/** Who the user is, once for each system, and by what authTimeSource. */
export function identityCards({ identities: { wristband, wink } }: Session): readonly Html[] {
  return [
    ...(wristband === undefined ? [] : [identityCard('Wristband', wristband)]),
    ...(wink === undefined ? [] : [identityCard('Wink', wink)]),
  ]
}

function identityCard(name: string, { provider, subject, tenant, authenticatedAt, authTimeSource, profile }: Identity): Html {
  return html`<section class="card ${provider}">
<h2>You, as ${name} knows you</h2>
<dl>
<dt>Name</dt><dd>${profile.name ?? 'not told'}${tenant === undefined ? '' : `, tenant ${tenant.name ?? tenant.id}`}</dd>
<dt>Subject</dt><dd><code>${subject}</code></dd>
<dt>Proved at</dt><dd>${authenticatedAt === undefined ? 'not known' : time(authenticatedAt)}</dd>
<dt>AuthTimeSource</dt><dd>${evidenceSentence(authTimeSource)}</dd>
</dl>
</section>`
}

/** The facts of the session. */
export function sessionCard(demo: Demo, { id, createdAt, expiresAt }: Session): Html {
  const later = html`<form action="/trouble/${halfAnHourLater.name}" method="post"><button class="quiet">${halfAnHourLater.title}</button></form>`
  return html`<section class="card">
<h2>This session</h2>
<dl>
<dt>Read by</dt><dd>${demo.framework}</dd>
<dt>Id</dt><dd><code>${id}</code></dd>
<dt>Began</dt><dd>${time(createdAt)}</dd>
<dt>Ends</dt><dd>${time(expiresAt)}, if nothing more is heard of you</dd>
<dt>Kept</dt><dd>${keepingNames[demo.keeping]}</dd>
</dl>
${canPassTime(demo) ? later : ''}
</section>`
}

/** What a signed-in user can do. */
export const actionCards: Html = html`<section class="card">
<h2>Payroll and reports</h2>
<p>Payroll opens if Wink has seen you within five minutes. Reports are for whoever has an access token.</p>
<p class="choices"><a class="button" href="/payroll">Open payroll</a> <a class="button quiet" href="/reports">Call the API</a></p>
</section>
<section class="card wise">
<h2>Wise</h2>
<p>Your learning platform: you arrive there signed in.</p>
<form class="choices" action="/auth/wise/launch" method="post"><button>Open Wise</button></form>
</section>
<section class="card">
<h2>Sign out</h2>
<p>Ends the session here, at Wristband and at Wink; or every session that is yours.</p>
<div class="choices">
<form action="/auth/logout" method="post"><button class="quiet">Sign out</button></form>
<form action="${signOutEverywherePath}" method="post"><button class="quiet">Sign out everywhere</button></form>
</div>
</section>`

/** What needs nobody to be signed in. */
export const machinesCard: Html = html`<section class="card">
<h2>Machines</h2>
<p>An API takes access tokens: of users, and of the application itself.</p>
<p class="choices"><a class="button quiet" href="/reports">Call the API</a></p>
</section>`

/** What the way of keeping sessions promises, and where things go wrong on purpose. */
export function notes({ keeping }: Demo): Html {
  return html`<p class="note">${keepingPromises[keeping]}</p>
<p>What if a vendor does something wrong? <a href="/trouble">Make trouble</a>.</p>`
}
