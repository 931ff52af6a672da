import type { ExampleApp, ExampleAppOptions } from './example-app.ts'
import type { Mount } from './mount.ts'

/** A sentence about mounts, and how it is checked. */
export interface AdapterTest {
  readonly title: string
  /** Rejects when the mount does not keep to the sentence. */
  run(subject: AdapterSubject): Promise<void>
}

/** What a sentence is checked against. */
export interface AdapterSubject {
  readonly mount: Mount
  /** How many users come at once, where many are to come. */
  readonly users: number
  /** Starts the example app; it ends with the test. */
  start(options?: ExampleAppOptions): Promise<ExampleApp>
}
