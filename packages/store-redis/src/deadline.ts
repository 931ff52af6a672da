/** A little less than core waits for a call, so that nothing is sent that nobody waits for. */
const sendMilliseconds = 450

/**
 * Runs a command with a signal that ends after 450 ms: what has not been sent until then must not be sent.
 *
 * A stall of our own event loop is not Redis's fault: before the signal ends, the client gets one turn to write.
 */
export async function withDeadline<T>(command: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => setImmediate(() => controller.abort()), sendMilliseconds)
  timer.unref()
  try {
    return await command(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}
