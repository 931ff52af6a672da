import { randomBytes } from 'node:crypto'
import { setCookie } from '../server/cookies.ts'
import { redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import { type Checklist, createChecklist, RefusedLaunch } from './checklist.ts'
import { loginFailed } from './launch-pages.ts'
import { checkMember, isProfile } from './member-checks.ts'
import { type Profile, sessionCookie, type WiseState } from './state.ts'
import { checkToken } from './token-checks.ts'

const sessionLifetimeSeconds = 90 * 86_400

/** GET /identity-based-login: signs the token's user in, or says which check it did not pass. */
export const identityBasedLogin =
  (state: WiseState): Handler =>
  (request, { note }) => {
    const checklist: Checklist = createChecklist()
    const query = new URL(request.url).searchParams
    try {
      const claims = checkToken(state, checklist, query)
      const { member, profile } = checkMember(state, checklist, claims)
      const role = query.get('current_role')
      checklist.demand('current_role is absent or the profile', isAcceptedRole(state, role, profile), {
        code: 'bad_role',
        detail: 'current_role is not the profile of the token.',
      })
      const target = query.get('redirectionUrl')
      const safe = target === null || isPathOf(state.url, target)
      checklist.remark({
        title: 'redirectionUrl is absent or a path of this site',
        passed: safe,
        ...(!safe && { note: 'It was ignored: unsafe_redirect.' }),
      })
      if (!safe) note('unsafe_redirect')
      const id = randomBytes(32).toString('base64url')
      state.sessions.set(id, { member, profile, claims, checks: checklist.checks }, sessionLifetimeSeconds)
      const location = safe || state.switches.naiveRedirect ? target : null
      return redirectTo(location ?? `/${profile}/classes`, { cookies: [setCookie(sessionCookie, id)] })
    } catch (error) {
      if (!(error instanceof RefusedLaunch)) throw error
      note(error.refusal.code)
      return loginFailed(request, error.refusal, checklist.checks)
    }
  }

const isAcceptedRole = ({ switches }: WiseState, role: string | null, profile: Profile): boolean =>
  role === null || (isProfile(role) && (!switches.enforceRole || role === profile))

const isPathOf = (origin: string, target: string): boolean =>
  /^\/(?![/\\])/.test(target) && URL.canParse(target, origin) && new URL(target, origin).origin === origin
