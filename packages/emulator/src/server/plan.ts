/** Things that are to happen a number of times each, in the order in which they were asked for. */
export interface Plan<Item> {
  add(item: Item, times?: number): void
  /** What happens now, if anything is planned. */
  take(): Item | undefined
  clear(): void
}

export function createPlan<Item>(): Plan<Item> {
  let planned: { readonly item: Item; times: number }[] = []
  return {
    add(item, times = 1) {
      planned.push({ item, times })
    },
    take() {
      planned = planned.filter(({ times }) => times > 0)
      const next = planned[0]
      if (next) next.times -= 1
      return next?.item
    },
    clear() {
      planned = []
    },
  }
}
