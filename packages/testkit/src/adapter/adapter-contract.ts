import type { TestRunner } from '../test-runner.ts'
import type { AdapterTest } from './adapter-test.ts'
import { bodyContract } from './body-contract.ts'
import { type ExampleApp, startExampleApp } from './example-app.ts'
import { headerContract } from './header-contract.ts'
import { methodContract } from './method-contract.ts'
import type { Mount } from './mount.ts'
import { refusalContract } from './refusal-contract.ts'
import { sessionContract } from './session-contract.ts'
import { signInContract } from './sign-in-contract.ts'
import { signOutContract } from './sign-out-contract.ts'
import { transportContract } from './transport-contract.ts'
import { usersContract } from './users-contract.ts'

/** Options of {@link adapterContract}. */
export interface AdapterContractOptions extends TestRunner {
  /** The adapter on its framework. */
  readonly mount: Mount
  /** How many users are signed in at once to show that none is taken for another. Default 1,000, for some seconds. */
  readonly users?: number | undefined
}

/**
 * Declares the tests that every mount must pass: an adapter moves headers and decides nothing, so that every framework
 * answers as core does. A sign-in with its cookies, refusals, refreshes and the way out, bodies, methods, headers beside
 * those of the app, streams and broken connections, and users who must not be mixed up.
 *
 * The mount serves an example app over real sockets on Node; it needs no vendor and no clock. Needs no runner of its own,
 * and throws errors that every runner shows.
 *
 * @example
 * import { adapterContract } from '@latchkey/testkit'
 * import { describe, it } from 'node:test'
 * import { mount } from './my-mount.ts'
 *
 * adapterContract({ describe, it, mount })
 */
export function adapterContract({ describe, it, mount, users = 1000 }: AdapterContractOptions): void {
  const declare = (title: string, tests: readonly AdapterTest[]): void => {
    describe(`${title} on ${mount.name}`, () => {
      for (const test of tests) it(test.title, () => runTest(test, mount, users))
    })
  }
  declare('a sign-in', signInContract)
  declare('a session', sessionContract)
  declare('a sign-out', signOutContract)
  declare('a refusal', refusalContract)
  declare('a method', methodContract)
  declare('a body', bodyContract)
  declare('the headers', headerContract)
  declare('a connection', transportContract)
  declare('a user', usersContract)
}

async function runTest(test: AdapterTest, mount: Mount, users: number): Promise<void> {
  const started: ExampleApp[] = []
  try {
    await test.run({
      mount,
      users,
      async start(options) {
        const app = await startExampleApp(mount, options)
        started.push(app)
        return app
      },
    })
  } finally {
    for (const app of started) {
      app.release()
      await app.mount.close()
    }
  }
}
