'use server'

import { redirect } from 'next/navigation'
import { getSession } from '../../lib/auth'

export async function whoAmI(): Promise<string> {
  return (await getSession())?.identities.acme?.subject ?? 'nobody'
}

export async function leave(): Promise<void> {
  redirect('/auth/acme/login?return_url=%2Faccount')
}
