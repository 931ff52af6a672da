import type { SystemName } from '../backstage/step.ts'

/** Something that an emulator can be made to do wrong, and how the user sees what comes of it. */
export interface Trouble {
  readonly name: string
  readonly title: string
  /** The emulator that must be there. */
  readonly system: SystemName
  /** What the emulator does from now on. */
  readonly does: string
  /** What the app makes of it. */
  readonly then: string
  /** Where it is met. */
  readonly link: { readonly title: string; readonly path: string }
  /** Whether the user must be signed in with Wristband for it. */
  readonly needsSession?: boolean
}

const signIn = { title: 'Sign in at acme now', path: '/auth/wristband/login?tenant_name=acme&return_url=%2F' }

/** All of them, in the order of the page. */
export const troubles: readonly Trouble[] = [
  {
    name: 'expired-token',
    title: 'Expired token',
    system: 'wristband',
    does: 'Wristband signs the next ID token with the times of yesterday.',
    then: 'The sign-in is refused, and no cookie is set.',
    link: signIn,
  },
  {
    name: 'rotated-key',
    title: 'Rotated key',
    system: 'wristband',
    does: 'Wristband signs with a new key, and has unpublished the old one.',
    then: 'The sign-in works: the timeline shows that the keys are fetched once more.',
    link: signIn,
  },
  {
    name: 'outage',
    title: 'Outage',
    system: 'wristband',
    does: 'Wristband answers the next redemption of a code with 503.',
    then: 'The sign-in ends on the error page. Begun again, it works.',
    link: signIn,
  },
  {
    name: 'other-tenant',
    title: 'Code of another tenant',
    system: 'wristband',
    does: 'The next sign-in at acme brings the code of somebody of the tenant evil.',
    then: 'The code can be redeemed, for all tenants share one client. The tokens give it away.',
    link: signIn,
  },
  {
    name: 'other-face',
    title: "Another user's face",
    system: 'wink',
    does: 'Wink is as it should be. You are somebody else: prove first who you are, then choose another face.',
    then: 'Wink says who that is, and the app refuses: this face belongs to no identity of this session.',
    link: { title: 'Look into the camera', path: '/auth/wink/login?return_url=%2F' },
    needsSession: true,
  },
  {
    name: 'reused-refresh-token',
    title: 'Reused refresh token',
    system: 'wristband',
    does: 'Somebody with a copy of your refresh token has used it, and Wristband watches for reuse. Half an hour passes.',
    then: 'Your own refresh looks like a theft: Wristband ends the sign-in, and the app its session.',
    link: { title: 'Go on as if nothing had happened', path: '/' },
    needsSession: true,
  },
]

/** No trouble, but made in the same way: time, so that what is due one day is due now. */
export const halfAnHourLater: Pick<Trouble, 'name' | 'title' | 'system'> = {
  name: 'later',
  title: 'Let half an hour pass',
  system: 'wristband',
}
