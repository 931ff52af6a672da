/** A place where a test holds something up. */
export interface Gate {
  /** Resolves when something has come to the gate. */
  readonly reached: Promise<void>
  /** Waits at the gate until it is opened. */
  pass(): Promise<void>
  open(): void
}

export function createGate(): Gate {
  let open = (): void => {}
  let reach = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  return {
    reached,
    open,
    pass() {
      reach()
      return opened
    },
  }
}
