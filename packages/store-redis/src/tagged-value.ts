import { randomBytes } from 'node:crypto'

const tagBytes = 9

/** The length of a tag, in characters and in bytes. */
export const tagLength = 12

/**
 * Puts a random tag in front of a value, so that each write is different. Some clients send a command a second time when
 * they lose a connection; if the first was executed, the second finds its own tag and knows that it succeeded.
 */
export function tag(value: string): string {
  return randomBytes(tagBytes).toString('base64url') + value
}

/** The value without its tag. */
export function untag(tagged: string | null): string | null {
  return tagged === null ? null : tagged.slice(tagLength)
}
