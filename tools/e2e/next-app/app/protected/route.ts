import { serve } from '../../lib/serve'

export const GET = serve('/protected')
export const POST = serve('/protected')
