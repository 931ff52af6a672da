import { requireKnown } from './server/known-names.ts'
import type { TlsOptions } from './server/loopback.ts'
import type { Surroundings, SystemOptions } from './server/start-system.ts'
import { type EmulatedWink, startWink, type WinkSystemOptions } from './wink/start-wink.ts'
import { type EmulatedWise, startWise } from './wise/start-wise.ts'
import { type EmulatedWristband, startWristband, type WristbandSystemOptions } from './wristband/start-wristband.ts'

/** `false` leaves a system out; every port is a free one by default. */
export interface EmulatorOptions {
  /** Where Wristband listens, and what is registered there. */
  readonly wristband?: WristbandSystemOptions | false | undefined
  /** Where Wink listens, and what is registered there. */
  readonly wink?: WinkSystemOptions | false | undefined
  /** Where Wise listens. */
  readonly wise?: SystemOptions | false | undefined
  /** Speaks https on each port, with this certificate, which must be good for `localhost` and `*.localhost`. */
  readonly tls?: TlsOptions | undefined
  /**
   * The name in the URLs of Wink and Wise: `localhost` by default. Under `127.0.0.1` a browser takes them for another
   * site than an application on `localhost`. Wristband's tenants need `localhost`.
   */
  readonly host?: 'localhost' | '127.0.0.1' | undefined
  /**
   * Whole seconds since 1970; each system's own clock follows it. `'manual'`: each system's time stands still at the
   * moment of the start and moves by its own `clock.advance` alone, so a test can compare instants. The computer's time
   * by default.
   */
  readonly clock?: 'manual' | (() => number) | undefined
}

/** The three systems. */
export type SystemName = 'wristband' | 'wink' | 'wise'

/** The systems that run; one that was left out (`LeftOut` names it) is null. */
export interface Emulator<LeftOut extends SystemName = never> {
  /** The running Wristband; null where it was left out. */
  readonly wristband: 'wristband' extends LeftOut ? EmulatedWristband | null : EmulatedWristband
  /** The running Wink; null where it was left out. */
  readonly wink: 'wink' extends LeftOut ? EmulatedWink | null : EmulatedWink
  /** The running Wise; null where it was left out. */
  readonly wise: 'wise' extends LeftOut ? EmulatedWise | null : EmulatedWise
  /** Closes every socket, with the requests on it. */
  close(): Promise<void>
}

/**
 * Starts Wristband, Wink and Wise on this machine's loopback addresses.
 *
 * @throws the socket's own error if a port is taken, TypeError for an option that is not known; nothing stays open then.
 */
export async function startEmulator<const Options extends EmulatorOptions = Record<never, never>>(
  options?: Options,
): Promise<Emulator<LeftOutBy<Options>>> {
  requireOptions(options ?? {}, ['wristband', 'wink', 'wise', 'host', 'clock', 'tls'])
  const {
    wristband = {},
    wink = {},
    wise = {},
    host = 'localhost',
    clock = systemClock,
    tls,
  }: EmulatorOptions = options ?? {}
  const source = clock === 'manual' ? stillClock(systemClock()) : clock
  const listens = ['port', 'publicUrl']
  requireOptions(wristband, [...listens, 'redirectUris', 'logoutUrls'])
  requireOptions(wink, [...listens, 'authPort', 'authPublicUrl', 'redirectUris', 'webOrigins'])
  requireOptions(wise, listens)
  const where = ({ port = 0, publicUrl }: SystemOptions, hostname: string = host): Surroundings => ({
    port,
    publicUrl,
    tls,
    hostname,
    clock: source,
  })
  const settled = await Promise.allSettled([
    wristband === false ? null : startWristband({ ...wristband, ...where(wristband, 'localhost') }),
    wink === false ? null : startWink({ ...wink, ...where(wink) }),
    wise === false ? null : startWise(where(wise)),
  ])
  const close = async (): Promise<void> => {
    for (const one of settled) if (one.status === 'fulfilled') await one.value?.close()
  }
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed) {
    await close()
    throw failed.reason
  }
  const [first, second, third] = settled
  // What is null follows from the options, which the compiler cannot see through.
  return { wristband: systemOf(first), wink: systemOf(second), wise: systemOf(third), close } as Emulator<
    LeftOutBy<Options>
  >
}

function requireOptions(given: object | false, known: readonly string[]): void {
  for (const name of Object.keys(given)) requireKnown('option', name, known)
}

/** The names of the options that are, or may be, false. */
export type LeftOutBy<Options> = {
  [Name in SystemName]: Name extends keyof Options ? (false extends Options[Name] ? Name : never) : never
}[SystemName]

const systemOf = <System>(one: PromiseSettledResult<{ readonly system: System } | null>): System | null =>
  one.status === 'fulfilled' ? (one.value?.system ?? null) : null

const stillClock = (instant: number) => (): number => instant

const systemClock = (): number => Math.floor(Date.now() / 1000)
