import type { Store } from '@latchkey/core'

/** A sentence of the contract, and how it is checked. */
export interface ContractTest {
  readonly title: string
  /** Rejects when the store does not keep to the sentence. */
  run(subject: ContractSubject): Promise<void>
}

/** What a sentence is checked against. */
export interface ContractSubject {
  readonly store: Store
  /** A key that no other test uses, ending in `name`. */
  key(name?: string): string
  /** Lets whole seconds pass for the store. */
  wait(seconds: number): Promise<void>
}
