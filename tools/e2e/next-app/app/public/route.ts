import { serve } from '../../lib/serve'

export const GET = serve('/public')
export const POST = serve('/public')
