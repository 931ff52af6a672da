import { invalidOption, type OptionRule, type OptionRules } from '../errors/options.ts'

/** Options of a client, or a client that the app made: never both. */
export type ClientOr<Options, Client> =
  | (Options & { readonly client?: undefined })
  | ({ readonly client: Client } & { readonly [Name in keyof Options]?: undefined })

/**
 * The client of a provider: the one that the app made, or one made of the options that the app gave in its place.
 *
 * @param factory The provider's function, for the message.
 * @param options Checked, and without the provider's own members.
 * @throws `core/invalid_option` where a client comes with options, and what `create` throws
 */
export function clientOf<Options extends object, Client>(
  factory: string,
  options: ClientOr<Options, Client>,
  create: (options: Options) => Client,
): Client {
  const { client, ...others } = options
  // The compiler does not follow the rest of a generic union.
  if (client === undefined) return create(others as Options)
  const [name] = Object.keys(others)
  if (name === undefined) return client
  throw invalidOption(factory, name, 'must not be given beside `client`, which was made with options of its own')
}

/**
 * The rules of a client's options for a provider that takes a client or its options: none is required, as the client's
 * own factory says what is missing.
 */
export function optionalRules<Options>(rules: OptionRules<Options>): OptionRules<Options> {
  const entries: readonly (readonly [string, OptionRule])[] = Object.entries(rules)
  // Each name keeps its rule.
  return Object.fromEntries(
    entries.map(([name, each]) => [name, { ...each, isRequired: false }]),
  ) as OptionRules<Options>
}
