import { payrollAnswer, payrollRequirement } from '../../../../src/api.ts'
import { route } from '../../../lib/auth.ts'

export const GET = route({ session: payrollRequirement }, (_request, { grant }) =>
  Response.json(payrollAnswer(grant.session)),
)
