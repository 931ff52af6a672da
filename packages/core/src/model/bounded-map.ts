const registryKey = Symbol.for('latchkey/2')

/**
 * State that all copies of this module in one process share: bundlers such as Next's evaluate a module once per bundle.
 *
 * @param key What the state belongs to. It names the shape too: copies of two versions share nothing they read otherwise.
 * @param create Makes it on first use.
 */
export function processWide<T>(key: string, create: () => T): T {
  const holder = globalThis as { [registryKey]?: Map<string, unknown> }
  holder[registryKey] ??= new Map()
  const registry = holder[registryKey]
  if (!registry.has(key)) registry.set(key, create())
  return registry.get(key) as T
}

/** A map with at most so many entries: what was set longest ago goes first. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #maxEntries: number
  /**
   * A Map iterates in the order of insertion, so the first is the oldest. Where the search for it ended: a new one would
   * pass, each time, all that have gone.
   */
  #oldest: Iterator<Key> | undefined

  constructor(maxEntries: number) {
    super()
    this.#maxEntries = maxEntries
  }

  /** Sets an entry as the newest one. */
  override set(key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    while (this.size > this.#maxEntries) {
      this.#oldest ??= this.keys()
      const next = this.#oldest.next()
      if (next.done === true) this.#oldest = undefined
      else this.delete(next.value)
    }
    return this
  }
}
