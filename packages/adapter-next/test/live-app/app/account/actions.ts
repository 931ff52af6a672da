'use server'

import { requireSession } from '../../lib/auth'

export async function touch(): Promise<void> {
  await requireSession()
}
