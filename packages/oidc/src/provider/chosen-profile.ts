import { isJsonObject } from '@latchkey/core/crypto'
import type { BaseProfile, JsonObject } from '@latchkey/core/provider'

/** More fits into no session cookie, and is no profile in a store either. */
const mostCharacters = 16_384

/**
 * What an app's `profile` function chooses, as the session will have it: as JSON, and not as an object that the app still
 * holds. It is synchronous: a promise is no profile, and what becomes of one is of no matter.
 *
 * @param refuse Makes the error for a function that throws, or chooses no plain object of JSON values, one that is too
 *   large, or a `name`, `email`, `emailVerified` or `picture` of another type. Of the app's own error nothing is kept: its
 *   text may hold claims.
 */
export function chosenProfile(
  choose: () => unknown,
  refuse: (detail: { readonly hint?: string }) => Error,
): BaseProfile & JsonObject {
  const text = textOf(choose)
  if (text === undefined) throw refuse({})
  if (text.length > mostCharacters) {
    throw refuse({
      hint: `\`profile\` returned ${text.length} characters of JSON; ${mostCharacters} are the most. Keep ids, and read the rest where it is used.`,
    })
  }
  const chosen: unknown = JSON.parse(text)
  if (!isJsonObject(chosen)) throw refuse({})
  const { name, email, emailVerified, picture, ...others } = chosen
  const base = present({ name, email, emailVerified, picture })
  const odd = Object.entries(base).find(([member, value]) => typeof value !== typesOfBase[member])
  if (odd !== undefined)
    throw refuse({ hint: `\`profile\` returned a \`${odd[0]}\` that is no ${typesOfBase[odd[0]]}.` })
  return { ...base, ...others }
}

const typesOfBase: Readonly<Record<string, string>> = {
  name: 'string',
  email: 'string',
  emailVerified: 'boolean',
  picture: 'string',
}

/** Without what is null, which a vendor may write for none. */
function present(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as JsonObject
}

function textOf(choose: () => unknown): string | undefined {
  try {
    const chosen = choose()
    if (isPlainObject(chosen)) return JSON.stringify(chosen)
    // An async function that throws must not end the process.
    Promise.resolve(chosen).catch(() => {})
  } catch {
    // Refused by the caller.
  }
  return undefined
}

/** Whether a value is an object of no class: a promise, a list or a `Map` is none. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
