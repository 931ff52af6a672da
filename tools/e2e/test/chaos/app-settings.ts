import type { StoreSettings } from './stores/open-store.ts'

/** What a process is started with. */
export interface AppSettings {
  readonly store: StoreSettings
  readonly strategy: 'cookie' | 'store'
  readonly secrets: readonly string[]
  readonly vendor: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string }
  /** By how much its clock is ahead of the computer's. */
  readonly aheadSeconds: number
}

/** What a process is told beside the requests of users. */
export type Order =
  | { readonly kind: 'events' }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'stall'; readonly milliseconds: number }
  | { readonly kind: 'revoke'; readonly subject: string }

/** Where the app is for browsers: a balancer in front of the processes. */
export const origin = 'http://localhost:3001'
