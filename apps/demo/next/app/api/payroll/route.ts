import { payrollAnswer, payrollRequirement } from '../../../../src/api.ts'
import { route } from '../../../lib/auth.ts'
import { followed } from '../../../lib/follow.ts'

export const GET = followed(
  route({ session: payrollRequirement }, (_request, { session }) => Response.json(payrollAnswer(session))),
)
