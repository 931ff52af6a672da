import { serve } from '../../lib/serve'

export const GET = serve('/protected-stream')
