import { serve } from '../../lib/serve'

export const GET = serve('/stepped-up')
