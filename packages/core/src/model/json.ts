/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json }

/** Whether a value is a plain object that JSON can say as it is. Members that are `undefined` are left out there. */
export function isJsonObjectAlone(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Of any realm: that of a bundle, too.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false
  return Object.values(value).every((member) => member === undefined || isJsonAlone(member))
}

function isJsonAlone(value: unknown): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  return Array.isArray(value) ? value.every(isJsonAlone) : isJsonObjectAlone(value)
}

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** Freezes a value with all that is in it. Expects plain objects and lists. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}

/** A copy of a value with all that is in it. Expects plain objects and lists: `structuredClone` takes ten times as long. */
export function plainCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plainCopy) as Value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainCopy(member)])) as Value
}

const jsonType = /^application\/(?:[\w!#$&^.-]+\+)?json[ \t]*(?:;|$)/i

/** Whether headers name a JSON content type: `application/json`, or a type that ends in `+json`. */
export function hasJsonType(headers: Headers): boolean {
  return jsonType.test(headers.get('content-type') ?? '')
}

/**
 * The text of a JSON response: UTF-8 without a byte order mark, under a JSON content type.
 *
 * @throws Error for anything else.
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export function jsonText(headers: Headers, bytes: Uint8Array): string {
  if (!hasJsonType(headers)) throw new TypeError('Not a JSON content type')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
