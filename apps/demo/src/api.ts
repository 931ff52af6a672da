import type { BearerRequirement, BearerToken, Session, SessionRequirement } from '@latchkey/core'

/** Payroll is for users who authenticated with Wink within the last five minutes. */
export const payrollRequirement: SessionRequirement = { provider: 'wink', maxAuthAgeSeconds: 300 }

/** The reports are for users and machines with an access token of Wristband. */
export const reportsRequirement: BearerRequirement = { provider: 'wristband', kind: 'any' }

/** `GET /api/payroll` */
export function payrollAnswer({ identities: { wink } }: Session): object {
  return { salary: '4200.00', for: wink?.subject }
}

/** `GET /api/reports` */
export function reportsAnswer({ kind, subject, tenant }: BearerToken): object {
  return { reports: ['attendance', 'grades'], for: { kind, subject, tenant } }
}
