import type { EmulatorClock } from './clock.ts'

/** A map whose entries die by the emulated clock. */
export interface ExpiringMap<Value> {
  set(key: string, value: Value, lifetimeSeconds: number): void
  get(key: string | undefined): Value | undefined
  delete(key: string): void
}

export function createExpiringMap<Value>(clock: EmulatorClock): ExpiringMap<Value> {
  const entries = new Map<string, { readonly value: Value; readonly expiresAt: number }>()
  return {
    set(key, value, lifetimeSeconds) {
      const now = clock.now()
      for (const [other, { expiresAt }] of entries) if (expiresAt <= now) entries.delete(other)
      entries.set(key, { value, expiresAt: now + lifetimeSeconds })
    },
    get(key) {
      const entry = key === undefined ? undefined : entries.get(key)
      return entry && entry.expiresAt > clock.now() ? entry.value : undefined
    },
    delete(key) {
      entries.delete(key)
    },
  }
}
