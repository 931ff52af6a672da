import * as z from 'zod/mini'

const text = z.nullish(z.string())

const sessionId = z.string().check(z.minLength(1), z.maxLength(1024))

/**
 * Reads the session id under the four names that Wink's kits know: the first that is there is judged, and no other
 * member.
 */
export const sessionAnswer: z.ZodMiniType<string> = z.pipe(
  z.pipe(
    z.partial(z.object({ sessionId: z.unknown(), SessionId: z.unknown(), id: z.unknown(), session_id: z.unknown() })),
    z.transform((answer) => answer.sessionId ?? answer.SessionId ?? answer.id ?? answer.session_id),
  ),
  sessionId,
)

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

export const profileAnswer: z.ZodMiniType<ProfileAnswer> = z.object({
  winkToken: z.string().check(z.minLength(1)),
  winkTag: text,
  firstName: text,
  lastName: text,
  email: text,
  contactNo: text,
  dateOfBirth: text,
  expiryTime: text,
})
