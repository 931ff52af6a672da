import type { Json } from '../json.ts'
import type { Seconds } from '../session/identity.ts'

/** A piece of work that is done once for all who need it. */
export interface WorkOptions<T extends Json> {
  /** How long the result is kept for those who come later. */
  readonly lifetime: Seconds
  /** What to do while another is at it: wait for the result (the default), or fail with `core/work_under_way`. */
  readonly busy?: 'wait' | 'fail'
  work(): Promise<T>
}
