import { coreError } from '../errors/core-errors.ts'
import type { Json } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'

/** A piece of work that is done once for all who need it. */
export interface WorkOptions<T extends Json> {
  /** How long the result is kept for those who come later. */
  readonly lifetime: Seconds
  /** What to do while another caller does it: wait for the result (the default), or fail with `core/work_under_way`. */
  readonly busy?: 'wait' | 'fail'
  /** What it is: a flood of one kind pushes out no results of another. Default `work`. */
  readonly kind?: 'work' | 'callback'
  work(): Promise<T>
  /** Whether a result is kept for those who come later. Default: any is. */
  keeps?(result: T): boolean
}

const maxEntries = 10_000

interface Job {
  readonly result: Promise<Json>
  /** When the result is forgotten; null while the work is under way. */
  keepUntil: Seconds | null
}

/** The work of this process, by key, with results that are kept for a while. Bounded: the oldest result goes first. */
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
    options: Pick<WorkOptions<T>, 'lifetime' | 'keeps'>,
    result: Promise<T>,
  ): Promise<T>
}

/** Shares work in the memory of this process. */
export function createSharedWork(clock: () => Seconds): SharedWork {
  const jobs = new Map<string, Job>()
  return {
    find(key, busy) {
      const job = jobs.get(key)
      if (job === undefined || (job.keepUntil !== null && job.keepUntil <= clock())) return undefined
      if (job.keepUntil === null && busy === 'fail') throw coreError('core/work_under_way')
      return job.result
    },
    share(key, { lifetime, keeps }, result) {
      const job: Job = { result, keepUntil: null }
      const forget = (): void => {
        if (jobs.get(key) === job) jobs.delete(key)
      }
      jobs.delete(key)
      jobs.set(key, job)
      result.then((value) => {
        if (keeps?.(value) === false) return forget()
        job.keepUntil = clock() + lifetime
        forgetOldest(jobs, clock())
      }, forget)
      return result
    },
  }
}

function forgetOldest(jobs: Map<string, Job>, now: Seconds): void {
  for (const [key, { keepUntil }] of jobs) {
    if (keepUntil === null) continue
    if (keepUntil > now && jobs.size <= maxEntries) return
    jobs.delete(key)
  }
}
