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

  constructor(maxEntries: number) {
    super()
    this.#maxEntries = maxEntries
  }

  /** Sets an entry as the newest one. */
  override set(key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    // A Map iterates in the order of insertion, so the first is the oldest.
    for (const oldest of this.keys()) {
      if (this.size <= this.#maxEntries) break
      this.delete(oldest)
    }
    return this
  }
}
