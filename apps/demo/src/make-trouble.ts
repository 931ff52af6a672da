import { halfAnHourLater, type Trouble, troubles } from './content/troubles.ts'
import type { Demo } from './demo.ts'

/** The troubles that this demo can make: only emulators misbehave on request. */
export function possibleTroubles({ emulated, backstage }: Demo): readonly Trouble[] {
  return backstage === null ? [] : troubles.filter(({ system }) => emulated.includes(system))
}

/** Whether this demo can let time pass. */
export function canPassTime({ emulated, backstage }: Demo): boolean {
  return backstage !== null && emulated.includes(halfAnHourLater.system)
}

/**
 * Makes trouble, if a page of ours asks for it.
 *
 * @param site The header `Sec-Fetch-Site` of the request.
 * @returns Where the browser goes to read what comes next.
 */
export async function makeTrouble(
  demo: Demo,
  { name, site }: { readonly name: string; readonly site: string | string[] | null | undefined },
): Promise<string> {
  const trouble = possibleTroubles(demo).find((one) => one.name === name)
  const isPossible = trouble !== undefined || (name === halfAnHourLater.name && canPassTime(demo))
  if (!isPossible || (site !== 'same-origin' && site !== 'none')) return '/error?code=core/cross_origin'
  await demo.backstage?.makeTrouble(name)
  return trouble === undefined || trouble.happensAtOnce === true ? '/' : `/trouble?made=${name}`
}
