'use client'

import { SignInLink, SignOutButton, useSession, useUser } from '@latchkey/react'
import { version } from 'react'

/** Shows what the page knows of its session. */
export function SessionView({ returnTo }: { readonly returnTo: string }) {
  const { status, session, refetch } = useSession()
  const name = useUser()?.name ?? 'nobody'
  const app = session?.signedIn === true ? session.app : undefined
  return (
    <main>
      <output>{`${status} ${name}`}</output>
      <p>{`React ${version}, ${JSON.stringify(app ?? null)}`}</p>
      <SignInLink provider="acme" returnTo={returnTo}>
        Sign in
      </SignInLink>
      <SignOutButton returnTo={returnTo}>Sign out</SignOutButton>
      <button type="button" onClick={() => void refetch()}>
        Ask again
      </button>
    </main>
  )
}
