import {
  checkOptions,
  invalidOption,
  type JsonObject,
  type OptionRules,
  option,
  required,
} from '@latchkey/core/provider'

/** Which access tokens `requireBearer` accepts. */
export interface BearerOptions {
  /** Your API's own identifier, which must be in `aud`. */
  readonly audience: string
  /**
   * Accepted `typ` headers; null for none. Default `['at+jwt']` (RFC 9068). Add others only if the provider marks its access
   * tokens in no other way.
   */
  readonly types?: readonly AccessTokenType[] | undefined
  /**
   * Whether a token is a user's or a machine's; null if it does not say. Default: a machine's if `sub` is the client. Asked
   * once for a token that is remembered, so let the answer depend on the claims alone.
   */
  readonly kind?: ((claims: JsonObject) => 'user' | 'machine' | null) | undefined
}

type AccessTokenType = 'at+jwt' | 'JWT' | null

const rules: OptionRules<BearerOptions> = {
  audience: required(option.text),
  types: option.filledList(option.oneOf(['at+jwt', 'JWT', null])),
  kind: option.function,
}

/** @throws `core/invalid_option` */
export function checkBearer(factory: string, bearer: BearerOptions, clientId: string): void {
  const { audience, types = ['at+jwt'] } = checkOptions(`${factory}: bearer`, bearer, rules)
  if (audience === clientId && types.some((type) => type !== 'at+jwt')) {
    // Every ID token of this client has that audience.
    throw invalidOption(`${factory}: bearer`, 'audience', "must not be `clientId`, unless `types` is ['at+jwt']")
  }
}
