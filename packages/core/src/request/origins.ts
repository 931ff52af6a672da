/** The app's own origins, from `baseUrl`. */
export interface Origins {
  /** The first origin, without a trailing slash. */
  readonly primary: string
}
