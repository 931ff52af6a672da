import { serve } from '../../lib/serve'

export const GET = serve('/several-calls')
export const POST = serve('/several-calls')
