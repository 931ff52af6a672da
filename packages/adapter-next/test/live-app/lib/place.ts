/** The `basePath` of next.config, as the environment says it. */
export const basePath = (process.env.APP_BASE_PATH ?? '') as '' | `/${string}`

/** The path of a page as the browser shows it. */
export function placeOf(path: `/${string}`): `/${string}` {
  return `${basePath}${path}${process.env.APP_SLASH ?? ''}` as `/${string}`
}
