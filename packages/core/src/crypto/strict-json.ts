import type { Json, JsonObject } from '../model/json.ts'

const maximumDepth = 32

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a JSON object that every parser reads alike: UTF-8 without BOM, no key twice, no `__proto__`, no half of a
 * surrogate pair, at most 32 levels deep.
 *
 * @returns Null for anything else.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4 JWS header names must be unique
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4 JWT claim names must be unique
 */
export function parseStrictJson(bytes: Uint8Array): JsonObject | null {
  try {
    return parseStrictJsonText(utf8.decode(bytes))
  } catch {
    return null
  }
}

/** The same as {@link parseStrictJson} for a text that was decoded from UTF-8. */
export function parseStrictJsonText(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) && isUnambiguous(text, value) ? value : null
  } catch {
    return null
  }
}

/** Whether a value that came from JSON is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member of that name, unless it is inherited: a polluted prototype is no claim. */
export function ownMember(object: JsonObject, name: string): JsonObject[string] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/**
 * Whether every reader sees the same in a text that is JSON: no member twice, no `__proto__`, at most 31 levels. Half a
 * surrogate pair is let pass: vendors that cut names to a length write them.
 *
 * @param value What JSON.parse made of the text.
 */
export function isReadAlike(text: string, value: Json): boolean {
  return membersIn(value, { depth: 2, mayBeHalf: false }) === membersOf(text)
}

/** Expects a text and what JSON.parse made of it, which keeps one of several members of one name. */
function isUnambiguous(text: string, value: JsonObject): boolean {
  // Text that was UTF-8 has a half of a surrogate pair in an escape alone.
  return membersIn(value, { depth: 1, mayBeHalf: text.includes('\\') }) === membersOf(text)
}

/** How many members a text writes: a colon outside of strings each. One loop: a regular expression costs four times that. */
function membersOf(text: string): number {
  let members = 0
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === quote) isInString = !isInString
    else if (code === backslash) index += 1
    else if (code === colon && !isInString) members += 1
  }
  return members
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/** How many members a value has; NaN where it is too deep, or has a name or text that parsers read differently. */
function membersIn(value: Json, { depth, mayBeHalf }: { readonly depth: number; readonly mayBeHalf: boolean }): number {
  if (typeof value === 'string') return mayBeHalf && halfOfPair.test(value) ? Number.NaN : 0
  if (typeof value !== 'object' || value === null) return 0
  if (depth > maximumDepth) return Number.NaN
  const inner = { depth: depth + 1, mayBeHalf }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).reduce<number>((sum, each) => sum + membersIn(each, inner), 0)
  }
  let members = 0
  for (const name of Object.keys(value)) {
    if (name === '__proto__' || (mayBeHalf && halfOfPair.test(name))) return Number.NaN
    members += 1 + membersIn((value as JsonObject)[name] as Json, inner)
  }
  return members
}

const halfOfPair = /\p{Surrogate}/u
