import { parseWebUrl } from '@latchkey/core/provider'
import * as z from 'zod/mini'
import { wristbandError } from '../model/errors.ts'

/** An empty text is how a form says that there is none. */
const url = z.pipe(
  z.string().check(z.refine((value) => value === '' || parseWebUrl(value) !== null)),
  z.transform((value) => value || null),
)

const schema = z.object({
  loginUrl: z.nullish(url),
  redirectUri: z.nullish(url),
  isApplicationCustomDomainActive: z.boolean(),
  customApplicationLoginPageUrl: z.nullish(url),
  applicationAuthorizationRequestsEnabled: z.nullish(z.boolean()),
})

/** What Wristband's SDK-configuration endpoint says of an application. */
export interface SdkConfiguration {
  readonly loginUrl?: string | null | undefined
  /** None where several are registered. */
  readonly redirectUri?: string | null | undefined
  readonly isApplicationCustomDomainActive: boolean
  readonly customApplicationLoginPageUrl?: string | null | undefined
  readonly applicationAuthorizationRequestsEnabled?: boolean | null | undefined
}

/** @throws `wristband/configuration_invalid` */
export function parseSdkConfiguration(body: unknown): SdkConfiguration {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const member = String(parsed.error.issues[0]?.path[0] ?? '')
  throw wristbandError('wristband/configuration_invalid', { cause: { member } })
}
