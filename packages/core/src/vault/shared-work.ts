import { coreError } from '../errors/core-errors.ts'
import type { Json } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'

/** A piece of work that is done once for all who need it. */
export interface WorkOptions<T extends Json> {
  /** How long the result is kept for those who come later. */
  readonly lifetime: Seconds
  /** What to do while another caller does it: wait for the result (the default), or fail with `core/work_under_way`. */
  readonly busy?: 'wait' | 'fail'
  /** Who shares it: all processes with the same store (the default), or this process alone, at no command of the store. */
  readonly sharedWith?: 'fleet' | 'process'
  /** Does it. */
  work(): Promise<T>
  /** Among which results this one is kept for those who come later; null if it is not kept. Default `work`. */
  keptAs?(result: T): KeptKind | null
}

/** What results are, each kind with a bound of its own: a flood of one pushes out none of another. */
export type KeptKind = 'work' | 'provider' | 'sign-in' | 'refusal'

/** Of each kind. */
const maxEntries = 10_000

interface Job {
  readonly result: Promise<Json>
  /** When the result is forgotten; null while the work is under way. */
  keepUntil: Seconds | null
}

/** The work of this process, by key, with results that are kept for a while. Bounded: the oldest of a kind goes first. */
export interface SharedWork {
  /**
   * The work that is under way or was done lately; undefined if the caller is to begin it.
   *
   * @throws `core/work_under_way`
   */
  find(key: string, busy: WorkOptions<Json>['busy']): Promise<Json> | undefined
  /** Shares work that was begun. A failure is shared by those who wait for it and then forgotten. */
  share<T extends Json>(
    key: string,
    options: Pick<WorkOptions<T>, 'lifetime' | 'keptAs'>,
    result: Promise<T>,
  ): Promise<T>
}

/** Shares work in the memory of this process. */
export function createSharedWork(clock: () => Seconds): SharedWork {
  const jobs = new Map<string, Job>()
  const kept = new Map<KeptKind, Map<string, Job>>()
  const keep = (key: string, job: Job, kind: KeptKind): void => {
    const ofKind = kept.get(kind) ?? new Map<string, Job>()
    kept.set(kind, ofKind)
    ofKind.delete(key)
    ofKind.set(key, job)
    const now = clock()
    for (const [oldest, { keepUntil }] of ofKind) {
      if ((keepUntil ?? now) > now && ofKind.size <= maxEntries) return
      if (jobs.get(oldest) === ofKind.get(oldest)) jobs.delete(oldest)
      ofKind.delete(oldest)
    }
  }
  return {
    find(key, busy) {
      const job = jobs.get(key)
      if (job === undefined || (job.keepUntil !== null && job.keepUntil <= clock())) return undefined
      if (job.keepUntil === null && busy === 'fail') throw coreError('core/work_under_way')
      return job.result
    },
    share(key, { lifetime, keptAs }, result) {
      const job: Job = { result, keepUntil: null }
      const forget = (): void => {
        if (jobs.get(key) === job) jobs.delete(key)
      }
      jobs.set(key, job)
      result.then((value) => {
        const kind = keptAs === undefined ? 'work' : keptAs(value)
        if (kind === null) return forget()
        job.keepUntil = clock() + lifetime
        keep(key, job, kind)
      }, forget)
      return result
    },
  }
}
