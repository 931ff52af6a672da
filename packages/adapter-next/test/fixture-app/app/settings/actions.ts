'use server'

import { requireSession, updateSession } from '../../lib/auth'

export async function saveSettings(form: FormData): Promise<void> {
  await requireSession({}, { returnTo: '/settings' })
  await updateSession({ theme: String(form.get('theme')) })
  await updateSession({ font: String(form.get('font')) })
}
