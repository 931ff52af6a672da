/** Takes one sample. */
export type Sampler = () => Promise<number>

/**
 * Takes one sample of each in every round, in random order, so that what else the machine does hits all alike.
 *
 * @returns For each sampler its samples, by round.
 */
export async function interleave(
  samplers: readonly Sampler[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const samples = samplers.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1) {
    const order = samplers.map((sampler, index) => ({ sampler, index, place: Math.random() }))
    order.sort((one, other) => one.place - other.place)
    for (const { sampler, index } of order) samples[index]?.push(await sampler())
  }
  return samples
}
