import { reportsAnswer, reportsRequirement } from '../../../../src/api.ts'
import { route } from '../../../lib/auth.ts'
import { followed } from '../../../lib/follow.ts'

export const GET = followed(
  route({ bearer: reportsRequirement }, (_request, { bearer }) => Response.json(reportsAnswer(bearer))),
)
