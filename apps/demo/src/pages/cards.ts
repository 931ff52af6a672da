import type { Identity, Session } from '@latchkey/core'
import { authTimeSourceText } from '../content/auth-time-source.ts'
import { fiveLines } from '../content/five-lines.ts'
import { storageLimits, storageNames } from '../content/session-storage.ts'
import { halfAnHourLater } from '../content/troubles.ts'
import { winkCallbackText, winkFlows, winkProlongText, winkTokensText } from '../content/wink-flows.ts'
import type { Demo } from '../demo.ts'
import { canPassTime } from '../make-trouble.ts'
import { winkSettings } from '../wink-settings.ts'
import { type Html, html } from './html.ts'
import { time } from './time.ts'

/**
 * Sign-in with Wristband, at a tenant of the user's choice. Links: a form would need the host of every tenant in the
 * page's `form-action`.
 */
export function wristbandCard({ environment }: Demo, returnTo = '/'): Html {
  const links = environment.wristband.tenants.map((tenant) => {
    const query = new URLSearchParams({ tenant_name: tenant, return_url: returnTo })
    return html`<a class="button" href="/auth/wristband/login?${String(query)}">Sign in at ${tenant}</a> `
  })
  return html`<section class="card wristband">
<h2>Wristband</h2>
<p>Signs you in at your company. Each tenant has its own login.</p>
<p class="choices">${links}</p>
</section>`
}

/** What the card of Wink is for. */
export interface WinkCardOptions {
  readonly verb: 'Sign in' | 'Step up'
  /** The path at which it ends. Default: the start. */
  readonly returnTo?: string
}

/** Sign-in or step-up with Wink, in the flow that the user chooses. */
export function winkCard(demo: Demo, { verb, returnTo = '/' }: WinkCardOptions): Html {
  const link = `/auth/wink/login?${new URLSearchParams({ return_url: returnTo })}`
  return html`<section class="card wink" ${winkData(demo, returnTo)}>
<h2>Wink</h2>
<p>Signs you in by your face, voice or palm. Choose a flow: both end in the same session.</p>
<div class="flows">
${winkFlow('server', html`<a class="button" href="${link}">${verb} with Wink</a>`)}
${winkFlow(
  'browser',
  html`<button type="button" data-wink="redirect" disabled>${verb} with Wink’s SDK</button>
<button type="button" class="quiet" data-wink="overlay" disabled>${verb} in an overlay</button>`,
)}
</div>
<p role="status"></p>
</section>`
}

function winkFlow(flow: 'server' | 'browser', choices: Html): Html {
  const { title, does, tokens } = winkFlows[flow]
  return html`<div class="flow" role="group" aria-labelledby="wink-${flow}">
<h3 id="wink-${flow}">${title}</h3>
<p>${does}</p>
<p><strong>Where are the tokens?</strong> ${tokens}</p>
<p class="choices">${choices}</p>
</div>`
}

/** Where the tokens of Wink are in this page, and what its SDK can do for a user who has signed in. */
export function winkTokensCard(demo: Demo): Html {
  return html`<section class="card wink" ${winkData(demo, '/')}>
<h2>Where Wink’s tokens are</h2>
<p>${winkTokensText}</p>
<dl class="places" data-wink-tokens></dl>
<p>${winkProlongText}</p>
<p class="choices"><button type="button" data-wink="prolong" disabled>Ask Wink silently</button>
<button type="button" class="quiet" data-wink="sign-out" disabled>Sign out with the SDK</button></p>
<p role="status"></p>
</section>`
}

/** The callback page's own part: the script ends the sign-in. */
export function winkCallbackCard(demo: Demo): Html {
  return html`<section class="card wink" ${winkData(demo, '/')}>
<p role="status">${winkCallbackText}</p>
</section>`
}

/** Read by the script of the page. */
function winkData({ environment }: Demo, returnTo: string): Html {
  const { clientId, authUrl } = winkSettings(environment)
  return html`data-wink-client-id="${clientId}" data-wink-auth-url="${authUrl}" data-wink-return-to="${returnTo}"`
}

/** Sign-in with any OpenID provider, and all that it takes; nothing where none is configured. */
export function openIdCard({ environment: { oidc } }: Demo): Html | '' {
  if (oidc === null) return ''
  return html`<section class="card oidc">
<h2>Any OpenID provider</h2>
<p>Five lines of configuration:</p>
<pre><code>${fiveLines(oidc.issuer)}</code></pre>
<p class="choices"><a class="button" href="/auth/oidc/login?return_url=%2F">Sign in with OpenID</a></p>
</section>`
}

/** Who the user is at each system, and when they authenticated there. */
export function identityCards({ identities: { wristband, wink, oidc } }: Session): readonly Html[] {
  return [
    ...(wristband === undefined ? [] : [identityCard('Wristband', wristband)]),
    ...(wink === undefined ? [] : [identityCard('Wink', wink)]),
    ...(oidc === undefined ? [] : [identityCard('the OpenID provider', oidc)]),
  ]
}

function identityCard(
  name: string,
  { provider, subject, tenant, authenticatedAt, authTimeSource, profile }: Identity,
): Html {
  return html`<section class="card ${provider}">
<h2>You at ${name}</h2>
<dl>
<dt>Name</dt><dd>${profile.name ?? 'not known'}${tenant === undefined ? '' : `, tenant ${tenant.name ?? tenant.id}`}</dd>
<dt>Subject</dt><dd><code>${subject}</code></dd>
<dt>Authenticated</dt><dd>${authenticatedAt === undefined ? 'not known' : time(authenticatedAt)}</dd>
<dt>Based on</dt><dd>${authTimeSourceText(authTimeSource)}</dd>
</dl>
</section>`
}

/** The facts of the session. */
export function sessionCard(demo: Demo, { id, createdAt, expiresAt, data }: Session): Html {
  const later = html`<form action="/trouble/${halfAnHourLater.name}" method="post"><button class="quiet">${halfAnHourLater.title}</button></form>`
  return html`<section class="card">
<h2>This session</h2>
<dl>
<dt>Read by</dt><dd>${demo.framework}</dd>
<dt>Id</dt><dd><code>${id}</code></dd>
<dt>Started</dt><dd>${time(createdAt)}${data.startedOn === undefined ? '' : ` on ${data.startedOn}`}</dd>
<dt>Ends</dt><dd>${time(expiresAt)}, unless you use it before</dd>
<dt>Kept</dt><dd>${storageNames[demo.sessionStorage]}</dd>
</dl>
${canPassTime(demo) ? later : ''}
</section>`
}

/** What a signed-in user can do. */
export const actionCards: Html = html`<section class="card">
<h2>Payroll and reports</h2>
<p>Payroll requires a Wink authentication within the last five minutes. The reports API requires an access token.</p>
<p class="choices"><a class="button" href="/payroll">Open payroll</a> <a class="button quiet" href="/reports">Call the API</a></p>
</section>
<section class="card wise">
<h2>Wise</h2>
<p>Your learning platform. You arrive there signed in.</p>
<form class="choices" action="/auth/wise/launch" method="post"><button>Open Wise</button></form>
</section>
<section class="card">
<h2>Sign out</h2>
<p>Ends this session, and your sign-on at the other systems. “Everywhere” ends your sessions in all browsers.</p>
<div class="choices">
<form action="/auth/logout" method="post"><button class="quiet">Sign out</button></form>
<form action="/auth/logout" method="post"><input type="hidden" name="everywhere" value="yes"><button class="quiet">Sign out everywhere</button></form>
</div>
</section>`

/** What works without a session. */
export const machinesCard: Html = html`<section class="card">
<h2>Machines</h2>
<p>An API accepts the access tokens of users and of the application itself.</p>
<p class="choices"><a class="button quiet" href="/reports">Call the API</a></p>
</section>`

/** What the session storage can promise, and the way to the faults. */
export function notes({ sessionStorage }: Demo): Html {
  return html`<p class="note">${storageLimits[sessionStorage]}</p>
<p>What if a vendor does something wrong? <a href="/trouble">Make trouble</a>.</p>`
}
