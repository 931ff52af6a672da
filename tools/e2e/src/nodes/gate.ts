/** Holds up whoever comes to it, until it is opened. */
export interface Gate {
  /** When somebody has come to it. */
  readonly reached: Promise<void>
  readonly opened: Promise<void>
  pass(): Promise<void>
  open(): void
}

export function createGate(): Gate {
  let reach = (): void => {}
  let open = (): void => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    reached,
    opened,
    open,
    pass() {
      reach()
      return opened
    },
  }
}
