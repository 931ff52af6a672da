'use server'

import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { getSession, requireSession } from '../../lib/auth'

export async function rename(form: FormData): Promise<void> {
  const session = await requireSession({ maxAgeSeconds: 300 }, { returnTo: '/account' })
  const store = await cookies()
  store.set('renamed', `${session.identities.acme?.subject} to ${form.get('name')}`)
}

export async function whoAmI(): Promise<string> {
  return (await getSession())?.identities.acme?.subject ?? 'nobody'
}

export async function leave(): Promise<void> {
  redirect('/auth/acme/login?return_url=%2Faccount')
}
