import { serve } from '../../../lib/serve'

export const GET = serve('/api/protected')
export const POST = serve('/api/protected')
