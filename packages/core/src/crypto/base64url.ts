const alphabet = /^[\w-]*$/

const lastOfTwo = /[AQgw]$/

const lastOfThree = /[AEIMQUYcgkosw048]$/

/**
 * Whether a text is base64url as an encoder would have written it: no padding, no white space, and no stray bits in
 * its last character.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-3.5
 */
export function isCanonicalBase64url(text: string): boolean {
  return alphabet.test(text) && endsCanonically(text)
}

/** The part of it that concerns the end of a text: its length, and the bits of its last character. */
export function endsCanonically(text: string): boolean {
  switch (text.length % 4) {
    case 0:
      return true
    case 2:
      return lastOfTwo.test(text)
    case 3:
      return lastOfThree.test(text)
    default:
      return false
  }
}
