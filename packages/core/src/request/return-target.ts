declare const brand: unique symbol

/** Where the browser goes after a sign-in: only the validator of core makes one. */
export type ReturnTarget = string & { readonly [brand]: 'ReturnTarget' }
