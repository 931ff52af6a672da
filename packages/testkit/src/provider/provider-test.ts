import type { ProviderApp } from './provider-app.ts'

/** A sentence about providers, and how it is checked. */
export interface ProviderTest {
  readonly title: string
  /** Rejects when the provider does not keep to the sentence. Each `start` makes a provider and an app anew. */
  run(start: () => Promise<ProviderApp>): Promise<void>
}
