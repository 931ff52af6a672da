/** Runs work, which ends with `End` and never rejects, inside of something else: such as a span. */
export type Around<End> = (work: () => Promise<End>) => Promise<unknown>

/**
 * Runs work inside of all of them, the last one outermost. It is begun before this returns, done once, and not waited for
 * by anything that they do: one that throws, hangs or never begins it changes nothing.
 */
export function runInside<End>(arounds: Iterable<Around<End>>, work: () => Promise<End>): Promise<End> {
  let running: Promise<End> | undefined
  const once = (): Promise<End> => (running ??= work())
  let run: () => Promise<unknown> = once
  for (const around of arounds) {
    const inner = run
    const within = (): Promise<End> => {
      inner().catch(() => {})
      return once()
    }
    run = async () => around(within)
  }
  run().catch(() => {})
  return once()
}
