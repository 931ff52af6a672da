/** The demo that the server runs. */
export const demoToken = Symbol('demo')

/** Its pages. */
export const pagesToken = Symbol('pages')
