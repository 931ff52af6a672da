import { publicSession } from '@latchkey/core'
import { SessionProvider } from '@latchkey/react'
import { getSession } from '../../lib/auth'
import { SessionView } from './session-view'

export default async function SessionPage() {
  const session = await getSession()
  return (
    <SessionProvider initialSession={publicSession(session)}>
      <SessionView returnTo="/session" />
    </SessionProvider>
  )
}
