import type { StoreSettings } from './open-store.ts'

/** A store on servers of its own, which the tool spoils. */
export interface RunningStore {
  readonly settings: StoreSettings
  /** Takes the primary away: a copy takes over, or the same starts again with what it kept. */
  crash(): Promise<void>
  close(): Promise<void>
}
