import { Session } from 'node:inspector'

/** One function of ours that waits for what is asked of it. */
export interface Hop {
  readonly name: string
  /** From the root of the repository: `packages/core/src/routes/handle-request.ts`. */
  readonly file: string
}

interface Stack {
  readonly callFrames: readonly { readonly functionName: string; readonly url: string }[]
  readonly parent?: Stack
}

/**
 * Gives the functions of our packages that lead to the place it is called at, the nearest first, across every `await`.
 * The inspector's stack, since that of an `Error` ends where several wait for one promise.
 */
export function traceHops(): { here(): readonly Hop[]; stop(): void } {
  const session = new Session()
  let hops: readonly Hop[] = []
  session.connect()
  session.post('Runtime.enable')
  session.post('Debugger.enable')
  session.post('Debugger.setAsyncCallStackDepth', { maxDepth: 200 })
  session.on('Runtime.consoleAPICalled', ({ params }) => {
    const { stackTrace } = params as { readonly stackTrace?: Stack }
    hops = distinct(framesOf(stackTrace).flatMap(hopOf))
  })
  return {
    here() {
      // The one call that makes it take a whole stack without a pause. What it prints is the short stack of an `Error`.
      const { write } = process.stderr
      process.stderr.write = () => true
      console.trace()
      process.stderr.write = write
      return hops
    },
    stop: () => session.disconnect(),
  }
}

function framesOf(stack: Stack | undefined): Stack['callFrames'] {
  return stack === undefined ? [] : [...stack.callFrames, ...framesOf(stack.parent)]
}

function hopOf({ functionName: name, url }: Stack['callFrames'][number]): readonly Hop[] {
  const [file] = /packages\/(?:core|oidc|core-wristband)\/src\/.*$/.exec(url) ?? []
  return file === undefined ? [] : [{ name, file }]
}

/** A function that is on its way and waits is in two stacks. */
function distinct(hops: readonly Hop[]): readonly Hop[] {
  return [...new Map(hops.map((hop) => [`${hop.file} ${hop.name}`, hop])).values()]
}
