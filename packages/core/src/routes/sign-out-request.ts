import { parseStrictJson } from '../crypto/strict-json.ts'
import { hasJsonType } from '../model/json.ts'
import { readText } from '../request/body.ts'

/** What a sign-out asks for. */
export interface SignOutRequest {
  /** Whether every other session of the user ends, too. */
  readonly everywhere: boolean
  readonly returnUrl: string | undefined
}

type Field = readonly [name: string, value: unknown]

/**
 * Reads what a sign-out asks for, and never fails: a body of which only a part is strange still says the rest. What cannot
 * be read at all, and a field that says both, asks for the end everywhere: that ends more than was meant at worst, where
 * the other way a user would believe sessions to be over that are not.
 *
 * @param parsed The body as the framework parsed it, if it did.
 */
export async function readSignOutRequest(request: Request, parsed: unknown): Promise<SignOutRequest> {
  const fields = await fieldsOf(request, parsed).catch(() => null)
  if (fields === null) return { everywhere: true, returnUrl: undefined }
  const valuesOf = (wanted: string): readonly unknown[] =>
    fields.flatMap(([name, value]) => (name === wanted ? [value].flat() : []))
  const [returnUrl, ...others] = valuesOf('return_url')
  return {
    everywhere: valuesOf('everywhere').some((value) => value === 'yes' || value === true),
    returnUrl: typeof returnUrl === 'string' && others.length === 0 ? returnUrl : undefined,
  }
}

/** Null for a body that cannot be read. */
async function fieldsOf(request: Request, parsed: unknown): Promise<readonly Field[] | null> {
  const type = request.headers.get('content-type') ?? ''
  const isJson = hasJsonType(request.headers)
  const isLong = Number(request.headers.get('content-length') ?? 0) > 0
  if (parsed !== undefined && parsed !== null) {
    const fields = fieldsOfParsed(parsed)
    // A framework that has no parser for this type gives an empty object.
    return fields?.length === 0 && isLong && !isJson ? null : fields
  }
  const text = await readText(request)
  if (text === '') return isLong ? null : []
  if (isJson) return fieldsOfJson(text)
  if (/^multipart\/form-data *;/i.test(type.trim())) {
    return fieldsOfParsed(await new Response(text, { headers: { 'content-type': type } }).formData())
  }
  return /^(?:application\/x-www-form-urlencoded|text\/plain)? *(?:;|$)/i.test(type.trim()) ? fieldsOfText(text) : null
}

function fieldsOfParsed(parsed: unknown): readonly Field[] | null {
  if (typeof parsed !== 'object' || parsed === null) return null
  if (!(Symbol.iterator in parsed)) return Object.entries(parsed)
  const entries: readonly unknown[] = [...(parsed as Iterable<unknown>)]
  return entries.every(isField) ? entries : null
}

function isField(entry: unknown): entry is Field {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string'
}

function fieldsOfJson(text: string): readonly Field[] | null {
  if (text.trim() === 'null') return []
  // Strict: of a member that stands twice, parsers keep one or the other.
  const object = parseStrictJson(new TextEncoder().encode(text))
  return object === null ? null : Object.entries(object)
}

/** A form, `name=value` lines as `enctype="text/plain"` makes them, or JSON that a script sent without saying so. */
function fieldsOfText(text: string): readonly Field[] | null {
  if (text.trimStart().startsWith('{')) return fieldsOfJson(text)
  const pairs = text.split(/[&\r\n]+/).filter((pair) => pair !== '')
  return pairs.every((pair) => pair.indexOf('=') > 0) ? [...new URLSearchParams(pairs.join('&'))] : null
}
