import { reportsAnswer, reportsRequirement } from '../../../../src/api.ts'
import { route } from '../../../lib/auth.ts'

export const GET = route({ bearer: reportsRequirement }, (_request, { grant }) =>
  Response.json(reportsAnswer(grant.bearer)),
)
