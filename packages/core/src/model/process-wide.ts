const registryKey = Symbol.for('latchkey.process')

/**
 * State that all copies of this module in one process share: bundlers such as Next's evaluate a module once per bundle.
 *
 * @param key What the state belongs to.
 * @param create Makes it on first use.
 */
export function processWide<T>(key: string, create: () => T): T {
  const holder = globalThis as { [registryKey]?: Map<string, unknown> }
  holder[registryKey] ??= new Map()
  const registry = holder[registryKey]
  if (!registry.has(key)) registry.set(key, create())
  return registry.get(key) as T
}
