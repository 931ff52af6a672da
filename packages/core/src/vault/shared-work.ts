import { coreError } from '../errors/core-errors.ts'
import type { Json } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'

/** A piece of work that is done once for all who need it. */
export interface WorkOptions<T extends Json> {
  /** How long the result is kept for those who come later. */
  readonly lifetime: Seconds
  /** What to do while another is at it: wait for the result (the default), or fail with `core/work_under_way`. */
  readonly busy?: 'wait' | 'fail'
  work(): Promise<T>
}

const mostRemembered = 10_000

/** Work that is done once per key in this process, and whose result is kept for a while. */
export interface SharedWork {
  once<T extends Json>(key: string, options: WorkOptions<T>): Promise<T>
}

interface Job {
  readonly result: Promise<Json>
  /** When the result is forgotten; null while the work is under way. */
  keepUntil: Seconds | null
}

/** Shares work in the memory of this process. Bounded: what finished longest ago goes first. */
export function createSharedWork(clock: () => Seconds): SharedWork {
  const jobs = new Map<string, Job>()

  const begin = (key: string, { lifetime, work }: WorkOptions<Json>): Job => {
    const job: Job = { result: work(), keepUntil: null }
    jobs.delete(key)
    jobs.set(key, job)
    job.result.then(
      () => {
        job.keepUntil = clock() + lifetime
        forgetOldest(jobs, clock())
      },
      () => {
        if (jobs.get(key) === job) jobs.delete(key)
      },
    )
    return job
  }

  return {
    async once<T extends Json>(key: string, options: WorkOptions<T>): Promise<T> {
      const present = jobs.get(key)
      if (present?.keepUntil === null && options.busy === 'fail') throw coreError('core/work_under_way')
      const isGood = present !== undefined && (present.keepUntil === null || present.keepUntil > clock())
      return (await (isGood ? present : begin(key, options)).result) as T
    },
  }
}

function forgetOldest(jobs: Map<string, Job>, now: Seconds): void {
  for (const [key, { keepUntil }] of jobs) {
    if (keepUntil === null) continue
    if (keepUntil > now && jobs.size <= mostRemembered) return
    jobs.delete(key)
  }
}
