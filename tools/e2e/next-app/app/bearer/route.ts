import { serve } from '../../lib/serve'

export const GET = serve('/bearer')
export const POST = serve('/bearer')
