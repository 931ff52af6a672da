import type { JsonObject } from '../model/json.ts'

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
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) && isUnambiguous(text) ? value : null
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

/** Expects text that JSON.parse accepted. */
function isUnambiguous(text: string): boolean {
  const keysOfOpenObjects: (Set<string> | null)[] = []
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') {
      if (keysOfOpenObjects.push(token === '{' ? new Set() : null) > maximumDepth) return false
    } else if (token === '}' || token === ']') {
      keysOfOpenObjects.pop()
    } else {
      const isKey = token.endsWith(':')
      const string = unquote(isKey ? token.slice(0, -1) : token)
      if (/\p{Surrogate}/u.test(string)) return false
      if (!isKey) continue
      const keys = keysOfOpenObjects.at(-1)
      if (string === '__proto__' || keys?.has(string)) return false
      keys?.add(string)
    }
  }
  return true
}

function unquote(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, token.lastIndexOf('"'))
}
