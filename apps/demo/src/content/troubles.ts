import type { EmulatedName } from '../backstage/step.ts'

/** Something that an emulator can be made to do wrong, and what the user sees then. */
export interface Trouble {
  readonly name: string
  readonly title: string
  /** The emulator that must be there. */
  readonly system: EmulatedName
  /** What the emulator does from now on. */
  readonly does: string
  /** What the app makes of it. */
  readonly then: string
  /** Where it happens. */
  readonly link: { readonly title: string; readonly path: string }
  /** Whether the user must be signed in with Wristband for it. */
  readonly needsSession?: boolean
  /** Whether it happens at the next page, whatever that is. */
  readonly happensAtOnce?: boolean
}

const signIn = { title: 'Sign in at acme now', path: '/auth/wristband/login?tenant_name=acme&return_url=%2F' }

/** All of them, in the order of the page. */
export const troubles: readonly Trouble[] = [
  {
    name: 'expired-token',
    title: 'Expired token',
    system: 'wristband',
    does: 'Wristband’s next ID token has expired.',
    then: 'The sign-in is refused, and no cookie is set.',
    link: signIn,
  },
  {
    name: 'rotated-key',
    title: 'Rotated key',
    system: 'wristband',
    does: 'Wristband signs with a new key and no longer publishes the old one.',
    then: 'The sign-in works. The timeline shows that the app fetches the keys again.',
    link: signIn,
  },
  {
    name: 'outage',
    title: 'Outage',
    system: 'wristband',
    does: 'Wristband answers the next token request with 503.',
    then: 'The sign-in ends on the error page. The next one works.',
    link: signIn,
  },
  {
    name: 'other-tenant',
    title: 'Code of another tenant',
    system: 'wristband',
    does: 'The next sign-in at acme returns the code of a user of the tenant evil.',
    then: 'All tenants share one client, so the code can be exchanged. The tokens name the other tenant, and the sign-in is refused.',
    link: signIn,
  },
  {
    name: 'other-face',
    title: "Another user's face",
    system: 'wink',
    does: 'Wink works normally. Step up as yourself first, then choose another user at Wink.',
    then: 'The app refuses the sign-in: this Wink user is not linked to the user of the session.',
    link: { title: 'Step up with Wink', path: '/auth/wink/login?return_url=%2F' },
    needsSession: true,
  },
  {
    name: 'refused-refresh',
    title: 'Refused refresh',
    system: 'wristband',
    does: 'Half an hour passes, and Wristband refuses the next refresh: as if someone had used a copy of your refresh token.',
    then: 'The app ends the session. The timeline on Next shows why.',
    link: { title: 'Go to the start', path: '/' },
    needsSession: true,
    happensAtOnce: true,
  },
]

/** Not a fault, but made in the same way: time passes, so that a refresh is due. */
export const halfAnHourLater: Pick<Trouble, 'name' | 'title' | 'system'> = {
  name: 'later',
  title: 'Let half an hour pass',
  system: 'wristband',
}
