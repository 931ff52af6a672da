'use client'

import type { Session } from '@latchkey/core'
import { useState } from 'react'

export function Profile({ session }: { readonly session: Session }) {
  const [clicks, setClicks] = useState(0)
  return (
    <button type="button" onClick={() => setClicks(clicks + 1)}>
      {session.identities.acme?.profile.name}, {clicks} clicks
    </button>
  )
}
