import { handlers } from '../../../lib/auth.ts'
import { followed } from '../../../lib/follow.ts'

export const GET = followed(handlers.GET)
export const POST = followed(handlers.POST)
