'use server'

import { getAccessToken, requireSession } from '../../lib/auth'

export async function touch(): Promise<void> {
  await requireSession()
  await getAccessToken('acme')
}
