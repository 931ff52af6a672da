import { serve } from '../../../next-app/lib/serve'

export const GET = serve('/*')
