import type { Session } from '@latchkey/core'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

/** The way through all three systems, with the next step at hand. */
export function frontPage(session: Session | null, tenants: readonly string[]): string {
  return session === null
    ? layout('Sign in, step up, learn', html`${introduction} ${wristbandCard(tenants)} ${winkCard}`)
    : layout(`Hello, ${nameOf(session)}`, html`${identityCards(session)} ${payrollCard} ${wiseCard} ${signOutCard}`)
}

/**
 * Sign-in with Wristband, at a tenant of the person's choice. Links, for a form would need every tenant's host in the
 * page's `form-action`.
 */
export function wristbandCard(tenants: readonly string[], returnTo = '/'): Html {
  return html`<section>
<h2>Wristband</h2>
<p>Signs you in at your company: each tenant has a login of its own.</p>
<p class="choices">${tenants.map((tenant) => tenantLink(tenant, returnTo))}</p>
</section>`
}

function tenantLink(tenant: string, returnTo: string): Html {
  const query = new URLSearchParams({ tenant_name: tenant, return_url: returnTo })
  return html`<a class="button" href="/auth/wristband/login?${String(query)}">Sign in at ${tenant}</a> `
}

const introduction = html`<p>Three identity systems, one session. Sign in with Wristband, prove who you are with Wink, and
open your class in Wise.</p>`

const winkCard = html`<section>
<h2>Wink</h2>
<p>Knows you by your face, voice or palm.</p>
<p><a class="button" href="/auth/wink/login?return_url=%2F">Sign in with Wink</a></p>
</section>`

const payrollCard = html`<section>
<h2>Payroll</h2>
<p>Opens only if Wink has seen you within the last five minutes.</p>
<p><a class="button" href="/payroll">Open payroll</a></p>
</section>`

const wiseCard = html`<section>
<h2>Wise</h2>
<p>Your learning platform: you arrive there signed in.</p>
<form action="/auth/wise/launch" method="post"><button>Open Wise</button></form>
</section>`

const signOutCard = html`<section>
<h2>Sign out</h2>
<p>Ends the session here, at Wristband and at Wink.</p>
<form action="/auth/logout" method="post"><button class="quiet">Sign out</button></form>
</section>`

function identityCards({ identities: { wristband, wink } }: Session): Html {
  return html`<section>
<h2>Who you are</h2>
<dl>
${wristband === undefined ? [] : fact('Wristband', `${wristband.profile.name ?? wristband.subject}, tenant ${wristband.tenant?.name ?? wristband.tenant?.id ?? ''}`)}
${wink === undefined ? [] : fact('Wink', `${wink.profile.name ?? wink.subject}, by ${wink.evidence ?? 'an earlier sign-in'}`)}
</dl>
</section>`
}

function fact(name: string, value: string): Html {
  return html`<dt>${name}</dt><dd>${value}</dd>`
}

function nameOf({ identities: { wristband, wink } }: Session): string {
  return (wristband ?? wink)?.profile.name ?? 'you'
}
