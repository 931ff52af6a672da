import type { EventStep, Step, SystemName, WireStep } from '../backstage/step.ts'

/** The systems as users call them. */
const systemNames: Readonly<Record<SystemName, string>> = { wristband: 'Wristband', wink: 'Wink', wise: 'Wise' }

/** A step in words, and what was on the wire. */
export interface StepText {
  /** Whose colour it has. */
  readonly tone: SystemName | 'app' | 'failed'
  readonly actor: string
  readonly sentence: string
  /** The request line with its status; for an event its type. */
  readonly wire: string
  /** More of the wire, or what the app's log says. */
  readonly details: readonly string[]
}

/** Says what a step was. */
export function textOf(step: Step): StepText {
  return step.kind === 'event' ? eventText(step) : wireText(step)
}

const eventSentences: Readonly<Record<string, string>> = {
  'sign_in.succeeded': 'The sign-in is complete: tokens verified, session sealed.',
  'sign_in.refused': 'The sign-in is refused, and the session is as it was.',
  'sign_in.restarted': 'The sign-in begins anew, once.',
  'session.refreshed': 'The session has new tokens.',
  'session.ended': 'The session has ended.',
  'bearer.refused': 'A request without a good token is turned away.',
  'step_up.required': 'This page wants a fresh proof first.',
  'request.refused': 'A request is refused.',
  'provider.refresh_failed': 'The refresh failed; it is tried again after a pause.',
  'provider.refresh_refused': 'The refresh token was used before: the refresh is refused.',
  'provider.identity_ended': 'The system has ended this identity.',
}

function eventText({ framework, type, provider, code, hint }: EventStep): StepText {
  const system =
    provider === undefined
      ? ''
      : ` · ${Object.hasOwn(systemNames, provider) ? systemNames[provider as SystemName] : provider}`
  return {
    tone: code === undefined || type === 'step_up.required' ? 'app' : 'failed',
    actor: `The app on ${framework}${system}`,
    sentence: eventSentences[type] ?? 'Something happened.',
    wire: code === undefined ? type : `${type} ${code}`,
    details: hint === undefined ? [] : [hint],
  }
}

const wireSentences: Readonly<Record<string, string>> = {
  'wristband authorize': 'Your browser asks the tenant’s own host for a login, with PKCE, state and nonce.',
  'wristband login': 'You are on Wristband’s login page.',
  'wristband logout': 'Your browser ends its sign-on at the tenant’s host.',
  'wristband token': 'The code is redeemed for tokens. None of them reaches the browser.',
  'wristband token refresh_token': 'The refresh token is exchanged for new ones.',
  'wristband token client_credentials': 'The application gets a token of its own.',
  'wristband jwks': 'The public keys are fetched, to verify what was signed.',
  'wristband userinfo': 'Wristband is asked who the tokens are about.',
  'wristband revoke': 'The refresh token is revoked.',
  'wink session': 'A Wink session is created, with the application’s secret.',
  'wink authorize': 'Your browser opens Wink’s login; a fresh look is forced.',
  'wink capture': 'Wink looks at you.',
  'wink token': 'The code is redeemed for tokens. None of them reaches the browser.',
  'wink certs': 'The public keys are fetched, to verify what was signed.',
  'wink verify-client': 'Wink is asked whose face that was.',
  'wink logout': 'Your browser ends its sign-on at Wink.',
  'wise identity-based-login': 'Your browser arrives with a signed URL that is good for two minutes.',
  'wise classes': 'Wise knows you, and shows your classes.',
}

function wireText(step: WireStep): StepText {
  const { kind, system, method, host, path, status, endpoint, fields = {}, error, fault } = step
  const grant = fields.grant_type === undefined ? '' : ` ${fields.grant_type}`
  const isFailure = status === null || status >= 400 || error !== undefined || fault !== undefined
  return {
    tone: isFailure ? 'failed' : system,
    actor: kind === 'call' ? `The app asks ${systemNames[system]}` : `You, at ${systemNames[system]}`,
    sentence:
      wireSentences[`${system} ${endpoint}${grant}`] ?? wireSentences[`${system} ${endpoint}`] ?? 'A request is made.',
    wire: `${method} ${host}${path} → ${status ?? 'no answer'}`,
    details: [
      ...(fault === undefined ? [] : [`The emulator was told to misbehave here: ${fault}.`]),
      ...(error === undefined ? [] : [`Refused: ${error}.`]),
      ...(Object.keys(fields).length === 0 ? [] : [fieldList(fields)]),
    ],
  }
}

function fieldList(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value === '[redacted]' ? '…' : value}`)
    .join('  ')
}
