import type { Identity, PublicIdentity } from '@latchkey/core'
import { createElement } from 'react'
import { SignInLink, useSession, useUser } from '../src/index.ts'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
}

// The app's own registration types providers and identities.
createElement(SignInLink, { provider: 'acme', children: 'In' })
// @ts-expect-error no provider of this app
createElement(SignInLink, { provider: 'other', children: 'In' })

export function Example(): void {
  useUser() satisfies PublicIdentity | null
  const state = useSession()
  state.refetch satisfies () => Promise<void>
  // @ts-expect-error not before the status is known
  state.session.user satisfies PublicIdentity
  if (state.status === 'signed-in') {
    state.session.identities.acme satisfies PublicIdentity | undefined
    // @ts-expect-error no provider of this app
    void state.session.identities.other
  }
  if (state.status === 'error') state.error satisfies Error
}
