import type { BearerClaims, BearerRequirement, Session, SessionRequirement } from '@latchkey/core'

/** The payroll opens for whom Wink saw within the last five minutes. */
export const payrollRequirement: SessionRequirement = { provider: 'wink', maxAgeSeconds: 300 }

/** The reports are for people and machines with an access token of Wristband. */
export const reportsRequirement: BearerRequirement = { provider: 'wristband', subject: 'any' }

/** `GET /api/payroll` */
export function payrollAnswer({ identities: { wink } }: Session): object {
  return { salary: '4200.00', for: wink?.subject }
}

/** `GET /api/reports` */
export function reportsAnswer({ kind, subject, tenant }: BearerClaims): object {
  return { reports: ['attendance', 'grades'], for: { kind, subject, tenant } }
}
