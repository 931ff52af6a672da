'use server'

import { cookies } from 'next/headers'
import { requireSession } from '../../lib/auth'

export async function rename(form: FormData): Promise<void> {
  const session = await requireSession({ maxAuthAgeSeconds: 300 }, { returnTo: '/account' })
  const store = await cookies()
  store.set('renamed', `${session.id} to ${form.get('name')}`)
}
