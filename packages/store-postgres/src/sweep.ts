const batch = 200
const pauseMilliseconds = 10_000

/**
 * Makes what removes expired rows. Call it after a write; do not wait for it. It removes a batch at a time, one batch after
 * another write, until there is less than a batch; then it looks again after ten seconds. Expired rows are never seen, so
 * it may fail.
 *
 * @param remove Removes so many rows at most, and tells how many they were.
 */
export function createSweep(remove: (most: number) => Promise<number>): () => void {
  let dueAt = 0
  const sweep = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY
    let removed = 0
    try {
      removed = await remove(batch)
    } catch {
      // Whoever waits for an answer of the same server is told.
    }
    dueAt = removed < batch ? performance.now() + pauseMilliseconds : 0
  }
  return () => {
    if (performance.now() >= dueAt) void sweep()
  }
}
