/**
 * An ECDSA signature of JOSE, its two numbers side by side, in the form that certificates have: DER. Each number goes in its
 * shortest form, and is never negative. Expects as many bytes as the curve has for two numbers, 132 at most.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 * @see https://www.rfc-editor.org/rfc/rfc3279#section-2.2.3
 */
export function derSignature(signature: Uint8Array): Uint8Array {
  const middle = signature.length / 2
  const der = new Uint8Array(signature.length + mostAdded)
  const middleOfDer = putInteger(der, headLength, signature.subarray(0, middle))
  const end = putInteger(der, middleOfDer, signature.subarray(middle))
  const length = end - headLength
  // A length of 128 or more has a byte before it that says how many bytes it has.
  const head = length < 0x80 ? [sequenceTag, length] : [sequenceTag, 0x81, length]
  const start = headLength - head.length
  der.set(head, start)
  return der.subarray(start, end)
}

const sequenceTag = 0x30
const integerTag = 0x02
const headLength = 3
/** The head, and for each number a tag, a length and a zero. */
const mostAdded = headLength + 6

/** Writes a number that is not negative at a place, and returns the place behind it. */
function putInteger(der: Uint8Array, place: number, bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first === -1 ? bytes.subarray(-1) : bytes.subarray(first)
  // What begins with a one bit would be negative.
  const head = (digits[0] ?? 0) < 0x80 ? [integerTag, digits.length] : [integerTag, digits.length + 1, 0]
  der.set(head, place)
  der.set(digits, place + head.length)
  return place + head.length + digits.length
}
