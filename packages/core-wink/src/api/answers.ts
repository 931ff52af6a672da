import * as z from 'zod'

const text = z.string().nullish()

const sessionId = z.string().min(1).max(1024)

/**
 * Reads the session id under the four names that Wink's kits know: the first that is there is judged, and no other
 * member.
 */
export const sessionAnswer: z.ZodType<string> = z
  .object({ sessionId: z.unknown(), SessionId: z.unknown(), id: z.unknown(), session_id: z.unknown() })
  .partial()
  .transform((answer) => answer.sessionId ?? answer.SessionId ?? answer.id ?? answer.session_id)
  .pipe(sessionId)

/** What we use of verify-client's answer. All else is dropped, `clientSecret` first of all. */
export interface ProfileAnswer {
  readonly winkToken: string
  readonly winkTag?: string | null | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  readonly email?: string | null | undefined
  readonly contactNo?: string | null | undefined
  readonly dateOfBirth?: string | null | undefined
  readonly expiryTime?: string | null | undefined
}

export const profileAnswer: z.ZodType<ProfileAnswer> = z.object({
  winkToken: z.string().min(1),
  winkTag: text,
  firstName: text,
  lastName: text,
  email: text,
  contactNo: text,
  dateOfBirth: text,
  expiryTime: text,
})
