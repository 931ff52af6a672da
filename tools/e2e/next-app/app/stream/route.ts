import { serve } from '../../lib/serve'

export const GET = serve('/stream')
