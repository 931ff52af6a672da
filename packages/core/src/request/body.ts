import { coreError } from '../errors/core-errors.ts'

const mostBytes = 64 * 1024

/**
 * Reads the fields of a form or of a flat JSON object: plain strings, each name once.
 *
 * @param parsed The body as the framework parsed it, if it did.
 * @throws `core/body_unreadable`, `core/body_too_large`
 */
export async function readFields(request: Request, parsed: unknown): Promise<ReadonlyMap<string, string>> {
  if (parsed !== undefined && parsed !== null) return bounded(entriesOf(parsed))
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const text = await readText(request)
  if (text === '') return new Map()
  if (type === 'application/x-www-form-urlencoded') return fromForm(new URLSearchParams(text))
  if (type === 'application/json') return entriesOf(parseJson(text))
  throw coreError('core/body_unreadable')
}

function fromForm(form: URLSearchParams): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of form) {
    if (fields.has(name)) throw coreError('core/body_unreadable')
    fields.set(name, value)
  }
  return fields
}

function entriesOf(body: unknown): ReadonlyMap<string, string> {
  if (body instanceof URLSearchParams) return fromForm(body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw coreError('core/body_unreadable')
  const entries = Object.entries(body)
  if (entries.some(([, value]) => typeof value !== 'string')) throw coreError('core/body_unreadable')
  return new Map(entries)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw coreError('core/body_unreadable')
  }
}

/** The parser of an app may take more than we do. */
function bounded(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const encoder = new TextEncoder()
  const bytes = [...fields].flat().reduce((sum, text) => sum + encoder.encode(text).length, 0)
  if (bytes > mostBytes) throw coreError('core/body_too_large')
  return fields
}

/** The text of a body. @throws `core/body_too_large` over 64 KiB */
export async function readText(request: Request): Promise<string> {
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw coreError('core/body_too_large')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
