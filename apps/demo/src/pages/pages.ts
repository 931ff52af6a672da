import type { Session } from '@latchkey/core'
import { askForReports } from '../ask-for-reports.ts'
import { explanationOf } from '../content/explanations.ts'
import type { Trouble } from '../content/troubles.ts'
import type { Demo } from '../demo.ts'
import { hintOf } from '../hint.ts'
import { possibleTroubles } from '../make-trouble.ts'
import { winkCallbackDirectives, winkDirectives } from '../wink-settings.ts'
import {
  actionCards,
  identityCards,
  machinesCard,
  notes,
  openIdCard,
  sessionCard,
  winkCallbackCard,
  winkCard,
  winkTokensCard,
  wristbandCard,
} from './cards.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { type PagePolicy, pageHeaders } from './page-headers.ts'

/** An answer, for any framework. */
export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly markup: string
}

/** The pages as HTML, the same for Fastify and Nest. */
export interface Pages {
  front(session: Session | null): Page
  payroll(session: Session): Page
  signIn(query: PageQuery): Page
  /** Where Wink's SDK ends a sign-in. */
  winkCallback(): Page
  /** @param cookie The Cookie header of the request. */
  error(query: PageQuery, cookie: string | undefined): Promise<Page>
  reports(getAccessToken: () => Promise<string>): Promise<Page>
  trouble(query: PageQuery, session: Session | null): Page
  notFound(): Page
}

/** The query parameters of the pages. */
export interface PageQuery {
  readonly code?: string | undefined
  readonly return_url?: string | undefined
  readonly made?: string | undefined
}

interface PageOptions {
  readonly session?: Session | null
  /** What the policy allows more to a page that runs our script. */
  readonly script?: Omit<PagePolicy, 'formActionOrigins'>
}

/** The pages of one server. */
export function createPages(demo: Demo): Pages {
  const page = (title: string, body: Html, options: PageOptions = {}): Page => {
    const { session = null, script } = options
    return {
      status: 200,
      headers: pageHeaders({ formActionOrigins: demo.auth.formActionOrigins(session), ...script }),
      markup: layout(demo, { title, body, hasScript: script !== undefined }),
    }
  }
  const ownScript = "script-src 'self'"
  const winkScript = { more: [ownScript, ...winkDirectives(demo.environment)] }
  const back = html`<p><a class="button" href="/">Back to the start</a></p>`

  return {
    front(session) {
      if (session === null) {
        const body = html`<p class="lead">Three identity systems, one session. Sign in with Wristband, step up with Wink, and
open your class in Wise.</p>
<div class="cards">${wristbandCard(demo)} ${winkCard(demo, { verb: 'Sign in' })} ${openIdCard(demo)} ${machinesCard}</div>
${notes(demo)}`
        return page('Sign in, step up, learn', body, { script: winkScript })
      }
      const { user, identities } = session
      const body = html`<div class="cards">${identityCards(session)} ${identities.wink === undefined ? winkCard(demo, { verb: identities.wristband === undefined ? 'Sign in' : 'Step up' }) : winkTokensCard(demo)}
${sessionCard(demo, session)} ${actionCards}</div>
${notes(demo)}`
      return page(`Hello, ${user.profile.name ?? 'you'}`, body, { session, script: winkScript })
    },

    payroll({ identities: { wink } }) {
      return page(
        'Payroll',
        html`<section class="card wink"><p>Salary: <strong>4,200.00</strong> (an example).</p>
<p>${wink?.profile.name ?? 'You'} authenticated with Wink within the last five minutes.</p></section>
${back}`,
      )
    },

    signIn({ code = '', return_url: returnTo = '/' }) {
      if (code === 'auth/step_up_required') {
        const body = html`<p class="lead">This page requires a recent authentication with Wink (<code>${code}</code>).</p>
<div class="cards">${winkCard(demo, { verb: 'Step up', returnTo })}</div>`
        return page('Step up', body, { script: winkScript })
      }
      const body = html`<p class="lead">This page is for users who are signed in (<code>${code}</code>).</p>
${wristbandCard(demo, returnTo)}`
      return page('Sign in', body)
    },

    winkCallback() {
      const more = [ownScript, ...winkCallbackDirectives(demo.environment)]
      const body = html`${winkCallbackCard(demo)}
${back}`
      return page('Signing in with Wink', body, { script: { more, frameAncestors: "'self'" } })
    },

    async error({ code = '' }, cookie) {
      const hint = await hintOf(demo, cookie, code)
      const body = html`<section class="card failed"><p class="lead">${explanationOf(code)}</p>
<dl><dt>Code</dt><dd><code>${code}</code></dd>
${hint === null ? '' : html`<dt>Hint, from the app’s events</dt><dd>${hint}</dd>`}</dl></section>
${back}`
      return page('That did not work', body)
    },

    async reports(getAccessToken) {
      const answers = await askForReports(demo, getAccessToken)
      const cards = answers.map(
        ({ caller, presents, status, body }) => html`<section class="card">
<h2>As ${caller}</h2>
<p>With ${presents}.</p>
<p><strong>${status}</strong></p>
<pre tabindex="0" aria-label="The answer to ${caller}"><code>${body}</code></pre>
</section>`,
      )
      const body = html`<p class="lead">Three callers call <code>GET /api/reports</code> of this server.</p>
<div class="cards">${cards}</div>
${back}`
      return page('An API for users and machines', body)
    },

    trouble({ made }, session) {
      const possible = possibleTroubles(demo)
      const chosen = possible.find(({ name }) => name === made)
      const body = html`<p class="lead">${possible.length === 0 ? 'Real systems do not misbehave on request.' : 'What if a vendor does something wrong? Try it.'}</p>
${chosen === undefined ? '' : madeTrouble(chosen)}
<div class="cards">${possible.map((trouble) => troubleCard(trouble, session))}</div>
${back}`
      return page('Make trouble', body, { session })
    },

    notFound() {
      return { ...page('Page not found', html`<p>There is no page at this address.</p>${back}`), status: 404 }
    },
  }
}

function madeTrouble({ title, does, link }: Trouble): Html {
  return html`<section class="card made" role="status"><h2>${title}: ready</h2>
<p>${does}</p>
<p><a class="button" href="${link.path}">${link.title}</a></p></section>`
}

function troubleCard({ name, title, system, does, then, needsSession }: Trouble, session: Session | null): Html {
  const isReady = needsSession !== true || session?.identities.wristband !== undefined
  return html`<section class="card ${system}"><h2>${title}</h2>
<p>${does}</p>
<p>${then}</p>
${isReady ? html`<form action="/trouble/${name}" method="post"><button class="quiet">${title}</button></form>` : html`<p class="note">Sign in with Wristband first.</p>`}
</section>`
}
