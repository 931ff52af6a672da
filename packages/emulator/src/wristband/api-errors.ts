import { randomUUID } from 'node:crypto'

/** How Wristband's APIs other than OAuth's say no. @see https://docs.wristband.dev/reference/error-responses */
export const baseError = (status: number, { code, message }: ApiError): Response =>
  Response.json({ type: 'base_error', code, message, ticket: randomUUID() }, { status })

/** How they say which fields of a body are wrong. */
export const constraintViolations = (violations: Readonly<Record<string, readonly FieldViolation[]>>): Response =>
  Response.json(
    {
      type: 'constraint_violations_error',
      code: 'message_body_constraint_violations',
      message: 'Field violations were found.',
      ticket: randomUUID(),
      violations,
    },
    { status: 400 },
  )

export interface ApiError {
  readonly code: string
  readonly message: string
}

export interface FieldViolation {
  readonly code: string
  readonly constraintAttributes?: Readonly<Record<string, string>>
}
