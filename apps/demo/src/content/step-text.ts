import type { EventStep, ScriptStep, Step, SystemName, WireStep } from '../backstage/step.ts'

/** The systems as users call them. */
const systemNames: Readonly<Record<SystemName, string>> = {
  wristband: 'Wristband',
  wink: 'Wink',
  wise: 'Wise',
  oidc: 'the OpenID provider',
}

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
  switch (step.kind) {
    case 'event':
      return eventText(step)
    case 'script':
      return scriptText(step)
    default:
      return wireText(step)
  }
}

const eventSentences: Readonly<Record<string, string>> = {
  'sign_in.succeeded': 'The sign-in is complete: the tokens are verified and the session is sealed.',
  'sign_in.refused': 'The sign-in is refused. The session is as it was.',
  'sign_in.restarted': 'The sign-in starts again, once.',
  'session.refreshed': 'The session has new tokens.',
  'session.ended': 'The session has ended.',
  'step_up.required': 'This page requires a newer authentication.',
  'request.refused': 'A request is refused.',
  'provider.refresh_failed': 'The refresh failed. The app tries again after a pause.',
  'provider.identity_ended': 'The system has ended this identity.',
}

function eventText({ framework, type, provider, code, reason, hint }: EventStep): StepText {
  const system =
    provider === undefined
      ? ''
      : ` · ${Object.hasOwn(systemNames, provider) ? systemNames[provider as SystemName] : provider}`
  const isFailure = code !== undefined && type !== 'step_up.required'
  return {
    tone: isFailure ? 'failed' : 'app',
    actor: `The app on ${framework}${system}`,
    sentence: eventSentences[type] ?? 'Something happened.',
    wire: [type, code, reason].filter((word) => word !== undefined).join(' '),
    details: hint === undefined ? [] : [hint],
  }
}

const scriptSentences: Readonly<Record<string, string>> = {
  '/auth/wink/session': 'A script of the page asks the app for a Wink session and a nonce.',
  '/auth/wink/silent-check-sso.html': 'Wink’s answer has come back to a hidden frame, which hands it to the page.',
  '/auth/wink/token': 'A script of the page sends its tokens to the app, which verifies them and keeps none.',
}

function scriptText({ framework, method, path }: ScriptStep): StepText {
  return {
    tone: 'app',
    actor: `Your page, to the app on ${framework}`,
    sentence: scriptSentences[path] ?? 'A script of the page asks the app.',
    wire: `${method} ${path}`,
    details: [],
  }
}

const wireSentences: Readonly<Record<string, string>> = {
  'wristband authorize': 'Your browser asks the tenant’s own host for a login, with PKCE, state and nonce.',
  'wristband login': 'Your browser is on Wristband’s login page.',
  'wristband logout': 'Your browser ends its sign-on at the tenant’s host.',
  'wristband token': 'The code is exchanged for tokens. None of them reaches the browser.',
  'wristband token refresh_token': 'The refresh token is exchanged for new ones.',
  'wristband token client_credentials': 'The application gets a token of its own.',
  'wristband jwks': 'The public keys are fetched to verify the tokens.',
  'wristband userinfo': 'The app asks Wristband for the user’s profile.',
  'wristband revoke': 'The refresh token is revoked.',
  'wink session': 'A Wink session is created, with the application’s secret.',
  'wink authorize': 'Your browser opens Wink’s login. The app forces a new authentication.',
  'wink capture': 'Wink captures your face, voice or palm.',
  'wink token': 'The code is exchanged for tokens. None of them reaches the browser.',
  'page wink token': 'Wink’s SDK redeems the code in your browser: the page holds the tokens now.',
  'page wink token refresh_token': 'Wink’s SDK refreshes the tokens that the page holds.',
  'wink third-party-cookies': 'Wink’s SDK finds out in a hidden frame whether your browser keeps Wink’s cookies there.',
  'wink certs': 'The public keys are fetched to verify the tokens.',
  'wink verify-client': 'The app asks Wink for the user’s profile.',
  'wink logout': 'Your browser ends its sign-on at Wink.',
  'wise identity-based-login': 'Your browser arrives with a signed URL that is valid for two minutes.',
  // It keeps no journal: its addresses say what was asked.
  'oidc /.well-known/openid-configuration':
    'The app reads where the provider’s endpoints are: the issuer is all it was told.',
  'oidc /token': 'The code, or a refresh token, is exchanged for tokens. None of them reaches the browser.',
  'oidc /jwks': 'The public keys are fetched to verify the tokens.',
  'oidc /me': 'The app asks the provider for the user’s profile.',
  'oidc /token/revocation': 'The refresh token is revoked.',
  'wise classes': 'You are signed in to Wise, and it shows your classes.',
}

function wireText(step: WireStep): StepText {
  const { kind, system, method, host, path, status, endpoint, fields = {}, error, fault } = step
  const grant = fields.grant_type === undefined ? '' : ` ${fields.grant_type}`
  const isFailure = status === null || status >= 400 || error !== undefined || fault !== undefined
  return {
    tone: isFailure ? 'failed' : system,
    actor: kind === 'call' ? `The app asks ${systemNames[system]}` : `You, at ${systemNames[system]}`,
    sentence:
      wireSentences[`${kind} ${system} ${endpoint}${grant}`] ??
      wireSentences[`${kind} ${system} ${endpoint}`] ??
      wireSentences[`${system} ${endpoint}${grant}`] ??
      wireSentences[`${system} ${endpoint ?? path}`] ??
      'A request is made.',
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
