import type { Auth } from './auth.ts'
import { notMounted } from './errors/core-errors.ts'
import { checkOptions, option, required } from './errors/options.ts'
import { type BearerRequirement, checkBearerRequirementEarly } from './guard/require-bearer.ts'
import { checkSessionRequirementEarly, type SessionRequirement } from './guard/require-session.ts'
import type { Authenticated } from './guard/results.ts'
import type { ProviderName } from './model/identity.ts'
import type { Session, SessionPatch } from './model/session.ts'
import type { BearerToken } from './provider/contract.ts'
import type { RequestLike } from './request/request-like.ts'
import type { RequestScope } from './request/request-scope.ts'

/** More of `requireSession`. */
export interface GuardOptions {
  /**
   * Whether nothing of this request is refreshed, prolonged or written: for answers that bypass Node's `writeHead`, such
   * as those of a connection that is taken over. Requests that ask for an upgrade are read like this by themselves.
   * Default false.
   */
  readonly readOnly?: boolean | undefined
}

/** What `requireSessionOrBearer` requires. */
export interface SessionOrBearerRequirement {
  /** Of a request that presents no access token. */
  readonly session: SessionRequirement
  /** Of a request that presents one, good or bad. */
  readonly bearer: BearerRequirement
}

/** What a guard asks of an auth about a request. */
export interface GuardQuestion {
  /** Whether the request is read only from then on. */
  readonly readOnly: boolean
  /** What it asks of an access token, if it takes one: for `checkBearerChoice`. */
  readonly bearer?: BearerRequirement
  ask(auth: Auth, request: RequestLike, options: { readonly readOnly: boolean }): Promise<Authenticated>
}

/** The question of `requireSession`. @throws `core/invalid_option` */
export function sessionQuestion(requirement: SessionRequirement, options: GuardOptions): GuardQuestion {
  const checked = checkSessionRequirementEarly(requirement)
  const { readOnly = false } = checkOptions('requireSession', options, { readOnly: option.boolean })
  return { readOnly, ask: (auth, request, asked) => auth.requireSession(request, checked, asked) }
}

/** The question of `requireBearer`. @throws `core/invalid_option` */
export function bearerQuestion(requirement: BearerRequirement): GuardQuestion {
  const checked = checkBearerRequirementEarly(requirement)
  return { readOnly: false, bearer: checked, ask: (auth, request) => auth.requireBearer(request, checked) }
}

/** The question of `requireSessionOrBearer`. @throws `core/invalid_option` */
export function sessionOrBearerQuestion(requirement: SessionOrBearerRequirement): GuardQuestion {
  const given = checkOptions('requireSessionOrBearer', requirement, {
    session: required(option.object),
    bearer: required(option.object),
  })
  const checked = {
    session: checkSessionRequirementEarly(given.session),
    bearer: checkBearerRequirementEarly(given.bearer),
  }
  return {
    readOnly: false,
    bearer: checked.bearer,
    ask: (auth, request, asked) => auth.requireSessionOrBearer(request, checked, asked),
  }
}

/** A request for which a framework's guards and handlers ask an auth; each sees what those before it did. */
export interface AskedRequest {
  readonly auth: Auth
  /** Lets the request pass a guard. @throws what the guard refuses it with */
  pass(question: GuardQuestion): Promise<void>
  /** The session, or null; behind a guard the one that passed. */
  getSession(): Promise<Session | null>
  getAccessToken(provider: ProviderName): Promise<string>
  updateSession(data: SessionPatch): Promise<Session>
  /** What the last guard let pass. @throws `core/not_mounted` where none did */
  authOf(): Authenticated
  /** The session that a guard let pass, as it has been changed since. @throws `core/not_mounted` where none did */
  sessionOf(): Session
  /** The access token that a guard let pass. @throws `core/not_mounted` where none did */
  bearerOf(): BearerToken
}

/** What a request is asked about with. */
export interface AskedRequestOptions {
  readonly auth: Auth
  readonly scope: RequestScope
  /** Whether the answer takes no headers any more, by now. */
  isReadOnly(): boolean
  /** What a change throws there. */
  headersSent(): Error
}

/** Opens a request for the guards and handlers of a framework that hands all of them the same one. */
export function openAskedRequest(options: AskedRequestOptions): AskedRequest {
  return new OpenRequest(options)
}

// A class, since its methods are made once and not for each request; its fields are private to any log of the request.
class OpenRequest implements AskedRequest {
  readonly auth: Auth
  readonly #options: AskedRequestOptions
  #isSaidReadOnly = false
  #passed: readonly Authenticated[] = []
  // Where no guard asked for a session; undefined before it is read.
  #read: Session | null | undefined

  constructor(options: AskedRequestOptions) {
    this.auth = options.auth
    this.#options = options
  }

  async pass({ readOnly, ask }: GuardQuestion): Promise<void> {
    this.#isSaidReadOnly ||= readOnly
    const result = await this.#options.scope.call((current) => ask(this.auth, current, this.#now()))
    this.#passed = [...this.#passed, result]
  }

  async getSession(): Promise<Session | null> {
    const known = this.#sessionThatPassed() ?? this.#read
    if (known !== undefined) return known
    const { session } = await this.#options.scope.call((current) => this.auth.getSession(current, this.#now()))
    this.#read = session
    return session
  }

  async getAccessToken(provider: ProviderName): Promise<string> {
    const { scope } = this.#options
    return (await scope.call((current) => this.auth.getAccessToken(current, provider, this.#now()))).accessToken
  }

  async updateSession(data: SessionPatch): Promise<Session> {
    const { scope, headersSent } = this.#options
    const changed = await scope.call((current) => {
      if (this.#now().readOnly) throw headersSent()
      return this.auth.updateSession(current, data)
    })
    this.#passed = this.#passed.map((each) => (each.kind === 'session' ? changed : each))
    this.#read = changed.session
    return changed.session
  }

  authOf(): Authenticated {
    return orNotMounted(this.#passed.at(-1))
  }

  sessionOf(): Session {
    return orNotMounted(this.#sessionThatPassed())
  }

  bearerOf(): BearerToken {
    return orNotMounted(this.#passed.findLast((each) => each.kind === 'bearer')?.bearer)
  }

  #now(): { readonly readOnly: boolean } {
    return { readOnly: this.#isSaidReadOnly || this.#options.isReadOnly() }
  }

  #sessionThatPassed(): Session | undefined {
    return this.#passed.findLast((each) => each.kind === 'session')?.session
  }
}

function orNotMounted<Passed>(passed: Passed | undefined): Passed {
  if (passed === undefined) throw notMounted()
  return passed
}
