'use client'

import { useEffect, useState } from 'react'
import { type TokenPlace, tokenPlaces } from '../../src/browser/token-places.ts'
import type { WinkInPage } from '../../src/browser/wink-in-page.ts'
import { winkProlongText, winkTokensText } from '../../src/content/wink-flows.ts'
import type { WinkSettings } from '../../src/wink-settings.ts'
import { useIsInteractive } from './use-is-interactive.ts'
import { winkInPage } from './wink-in-page.ts'

/** Where the tokens of Wink are in this page, and what its SDK can do for a user who has signed in. */
export function WinkTokensCard({ settings }: { readonly settings: WinkSettings }) {
  const [places, setPlaces] = useState<readonly TokenPlace[]>([])
  const [status, setStatus] = useState('')
  const isInteractive = useIsInteractive()
  useEffect(() => setPlaces(tokenPlaces([])), [])
  const act = async (action: (wink: WinkInPage) => Promise<string | null>): Promise<void> => {
    const wink = await winkInPage(settings)
    setStatus((await action(wink)) ?? '')
    setPlaces(tokenPlaces(wink.tokensHeld()))
  }
  return (
    <section className="card wink">
      <h2>Where Wink’s tokens are</h2>
      <p>{winkTokensText}</p>
      <dl className="places">
        {places.flatMap(({ place, found }) => [<dt key={place}>{place}</dt>, <dd key={`${place} found`}>{found}</dd>])}
      </dl>
      <p>{winkProlongText}</p>
      <p className="choices">
        <button type="button" disabled={!isInteractive} onClick={() => void act((wink) => wink.prolong())}>
          Ask Wink silently
        </button>
        <button
          type="button"
          disabled={!isInteractive}
          className="quiet"
          onClick={() => void act((wink) => wink.signOut())}
        >
          Sign out with the SDK
        </button>
      </p>
      <p role="status">{status}</p>
    </section>
  )
}
