import { requireSession } from '../../../lib/auth'
import { placeOf } from '../../../lib/place'

/** The way in which the App Router has a locale: as a segment of its own. */
export default async function StartPage({ params }: { readonly params: Promise<{ readonly lang: string }> }) {
  const { lang } = await params
  const { user } = await requireSession({}, { returnTo: placeOf(`/${lang}/start`) })
  return <main>{`${lang}: start of ${user.subject}, ${user.profile.name}`}</main>
}
