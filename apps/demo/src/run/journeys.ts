import type { Emulator, JournalEntry } from '@latchkey/emulator'
import type { EmulatedName, Report, Step, WireStep } from '../backstage/step.ts'

/** What happened to each browser: what the servers report, and what the emulators' journals say. */
export interface Journeys {
  tell(journey: string, report: Report): void
  /** Oldest first. */
  stepsOf(journey: string): readonly Step[]
}

const maxJourneys = 100
const maxSteps = 200
const systemNames = ['wristband', 'wink', 'wise'] as const satisfies readonly EmulatedName[]

/** The emulated systems; null for those that are real. */
export type Systems = { readonly [Name in EmulatedName]: Emulator[Name] | null }

/**
 * Collects the steps of each browser. An emulator does not know which browser opens its pages. While only one browser is
 * at a system, the pages opened there count as that browser's. While several are, they count as no one's.
 */
export function createJourneys(systems: Systems): Journeys {
  const journeys = new Map<string, Placed[]>()
  const watched = systemNames.flatMap((name) => {
    const system = systems[name]
    return system === null ? [] : [watch(name, system.journal)]
  })

  const add = (journey: string, placed: Placed): void => {
    const steps = journeys.get(journey) ?? []
    // The journey with the latest step is the last to be dropped.
    journeys.delete(journey)
    journeys.set(journey, steps)
    if (journeys.size > maxJourneys) journeys.delete(journeys.keys().next().value ?? '')
    steps.push(placed)
    if (steps.length > maxSteps) steps.shift()
  }
  const sweep = (): void => {
    for (const system of watched) for (const { journey, placed } of system.sweep()) add(journey, placed)
  }

  return {
    tell(journey, report) {
      sweep()
      const system = 'system' in report ? watched.find(({ name }) => name === report.system) : undefined
      switch (report.kind) {
        case 'redirect':
          return system?.redirect(journey)
        case 'return':
          return system?.return(journey)
        case 'script': {
          // After what the browser has done before it.
          const at = Date.now()
          return add(journey, { at, step: () => ({ ...report, at }) })
        }
        case 'call':
          return add(journey, { at: report.at, step: withEntry(report, system?.claim(report)) })
        default:
          return add(journey, { at: report.at, step: () => report })
      }
    },
    stepsOf(journey) {
      sweep()
      // A browser that asks for a page of ours has come back.
      for (const system of watched) system.return(journey)
      const steps = [...(journeys.get(journey) ?? [])]
      return steps.sort((one, other) => one.at - other.at).map(({ step }) => step())
    },
  }
}

interface Placed {
  readonly at: number
  /** Made when it is read: an entry of the journal gets its status later. */
  step(): Step
}

interface WatchedSystem {
  readonly name: EmulatedName
  /** The new entries of the journal that belong to a browser. */
  sweep(): readonly { readonly journey: string; readonly placed: Placed }[]
  redirect(journey: string): void
  return(journey: string): void
  /** The entry of a back end's call. */
  claim(call: WireStep): JournalEntry | undefined
}

function watch(name: EmulatedName, journal: readonly JournalEntry[]): WatchedSystem {
  const away = new Set<string>()
  const unclaimed: JournalEntry[] = []
  let last: JournalEntry | undefined = journal.at(-1)

  return {
    name,
    sweep() {
      const fresh = journal.slice(last === undefined ? 0 : journal.lastIndexOf(last) + 1)
      last = fresh.at(-1) ?? last
      const pages = fresh.filter((entry) => isPage(name, entry))
      unclaimed.push(...fresh.filter((entry) => !isPage(name, entry)))
      unclaimed.splice(0, unclaimed.length - maxSteps)
      const [journey, ...others] = away
      if (journey === undefined || others.length > 0) return []
      const at = Date.now()
      return pages.map((entry) => ({ journey, placed: { at, step: () => pageStep(name, entry, at) } }))
    },
    redirect: (journey) => void away.add(journey),
    return: (journey) => void away.delete(journey),
    claim({ method, path }) {
      const index = unclaimed.findIndex((entry) => entry.method === method && entry.path === path)
      return index === -1 ? undefined : unclaimed.splice(index, 1)[0]
    },
  }
}

const browserEndpoints = new Set([
  'authorize',
  'third-party-cookies',
  'login',
  'capture',
  'logout',
  'identity-based-login',
  'classes',
])

function isPage(system: EmulatedName, entry: JournalEntry): boolean {
  const { endpoint } = entry
  return isFromSdk(system, entry) || system === 'wise' || (endpoint !== null && browserEndpoints.has(endpoint))
}

/** Wink's SDK redeems codes without the application's secret, which no page has. */
function isFromSdk(system: EmulatedName, { endpoint, fields }: JournalEntry): boolean {
  return system === 'wink' && endpoint === 'token' && !('client_secret' in fields)
}

function pageStep(system: EmulatedName, entry: JournalEntry, at: number): WireStep {
  const { method, host, path, status } = entry
  return { kind: 'page', at, system, method, host, path, status, ...detailsOf(entry) }
}

function withEntry(call: WireStep, entry: JournalEntry | undefined): () => WireStep {
  return () => (entry === undefined ? call : { ...call, ...detailsOf(entry) })
}

function detailsOf({ endpoint, fields, error, fault }: JournalEntry): Partial<WireStep> {
  return { endpoint: endpoint ?? undefined, fields, error, fault }
}
