import { getAccessToken, requireSession, updateSession } from '../../lib/auth'
import { saveSettings } from './actions'

export default async function SettingsPage({ searchParams }: PageProps<'/settings'>) {
  const { user, data } = await requireSession({}, { returnTo: '/settings' })
  const token = await getAccessToken('acme')
  if ('change' in (await searchParams)) await updateSession({ theme: 'of a page' })
  return (
    <form action={saveSettings}>
      <p>
        {`${user.profile.name}: ${data.theme ?? 'no'} theme, ${data.font ?? 'no'} font, token ${/-\d+$/.test(token) ? 'refreshed' : 'as it was'}`}
      </p>
      <input name="theme" defaultValue="dark" />
      <input name="font" defaultValue="serif" />
      <button type="submit">Save</button>
    </form>
  )
}
