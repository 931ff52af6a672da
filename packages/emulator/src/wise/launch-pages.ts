import { readCookie } from '../server/cookies.ts'
import { type Html, html } from '../server/html.ts'
import { messagePage, page } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import type { Check, LaunchRefusal } from './checklist.ts'
import { sessionCookie, vendor, type WiseState } from './state.ts'

/** GET /student/classes and the like: who is signed in, by which token, and what was checked. */
export const classPage =
  (state: WiseState): Handler =>
  (request, { parameters }) => {
    const session = state.sessions.get(readCookie(request, sessionCookie))
    if (!session) {
      const text = 'Open Wise from your application: nobody is signed in here.'
      return wantsJson(request)
        ? json({ signedIn: false }, 401)
        : messagePage(vendor, { status: 401, title: 'Not signed in', text })
    }
    const { member, profile, claims, checks } = session
    if (parameters.profile !== profile) {
      const text = `You are signed in as a ${profile}.`
      return messagePage(vendor, { status: 403, title: 'This page is for others', text })
    }
    if (wantsJson(request))
      return json({ signedIn: true, name: member.name, userId: member.userId, profile, claims, checks }, 200)
    return page({
      vendor,
      title: parameters.classId ? `Class ${parameters.classId}` : 'Your classes',
      content: html`<p>Signed in as <strong>${member.name}</strong>, ${profile}.</p>
<h2>What the token said</h2>
<dl>${Object.entries(claims).map(([name, value]) => html`<dt>${name}</dt><dd>${format(name, value)}</dd>`)}</dl>
<h2>${summary(checks)}</h2>
${checkList(checks)}`,
    })
  }

/** The answer to a launch that is refused. It never repeats the token. */
export function loginFailed(request: Request, refusal: LaunchRefusal, checks: readonly Check[]): Response {
  const status = refusal.code === 'missing_token' || refusal.code === 'malformed' ? 400 : 401
  if (wantsJson(request)) return json({ ok: false, ...refusal }, status)
  return page({
    vendor,
    title: 'Login failed',
    status,
    content: html`<p><strong>${refusal.code}</strong>: ${refusal.detail}</p>
${refusal.hint !== undefined && html`<p>${refusal.hint}</p>`}
<h2>${summary(checks)}</h2>
${checkList(checks)}`,
  })
}

const checkList = (checks: readonly Check[]): Html =>
  html`<ul class="checks">${checks.map(
    ({ title, passed, note }) =>
      html`<li><span class="${passed ? 'passed' : 'failed'}">${passed ? '✓ Passed' : '✗ Failed'}</span> <span>${title}${note !== undefined && html` <span class="quiet">(${note})</span>`}</span></li>`,
  )}</ul>`

function summary(checks: readonly Check[]): string {
  const passed = checks.filter((check) => check.passed).length
  return passed === checks.length ? 'Every check passed' : `${passed} of ${checks.length} checks passed`
}

function format(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const isTime = (name === 'exp' || name === 'iat' || name === 'nbf') && typeof value === 'number' && value < 1e11
  return isTime ? `${text} (${new Date(value * 1000).toISOString()})` : text
}

const wantsJson = (request: Request): boolean => (request.headers.get('accept') ?? '').includes('application/json')

const json = (body: object, status: number): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } })
