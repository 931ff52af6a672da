import { redirect } from 'next/navigation'
import { route } from '../../../lib/auth'

export const GET = route({ session: {} }, () => redirect('/open'))
