import { z } from 'zod'

const text = z.string().nullish()

const sessionId = z.string().min(1).max(1024).nullish()

/** Reads the session id under the four names that Wink's kits know. */
export const sessionAnswer: z.ZodType<string | null | undefined> = z
  .object({ sessionId, SessionId: sessionId, id: sessionId, session_id: sessionId })
  .transform((answer) => answer.sessionId ?? answer.SessionId ?? answer.id ?? answer.session_id)

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
