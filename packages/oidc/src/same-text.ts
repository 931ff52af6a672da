import { equalInConstantTime } from '@latchkey/core/crypto'

/** Whether both are the same text, compared in constant time. Nothing and the empty text equal nothing. */
export function isSameText(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' && one !== '' && equalInConstantTime(one, other)
}
