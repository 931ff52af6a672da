import { serve } from '../../lib/serve'

export const GET = serve('/either')
export const POST = serve('/either')
