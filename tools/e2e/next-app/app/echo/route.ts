import { serve } from '../../lib/serve'

export const POST = serve('/echo')
