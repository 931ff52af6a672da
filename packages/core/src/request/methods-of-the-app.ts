/** The methods that an auth route leaves to the app: OPTIONS is for its CORS, and a `Request` cannot be a TRACE. */
export const methodsOfTheApp: readonly string[] = ['OPTIONS', 'TRACE']
