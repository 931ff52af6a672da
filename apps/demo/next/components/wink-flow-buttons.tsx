'use client'

import { useState } from 'react'
import type { WinkSettings } from '../../src/wink-settings.ts'
import { useIsInteractive } from './use-is-interactive.ts'
import { winkInPage } from './wink-in-page.ts'

/** Begins Wink's browser flow: on Wink's own page, or in an overlay. */
export function WinkFlowButtons({
  settings,
  verb,
  returnTo,
}: {
  readonly settings: WinkSettings
  readonly verb: string
  readonly returnTo: string
}) {
  const [status, setStatus] = useState('')
  const isInteractive = useIsInteractive()
  const signIn = async (overlay: boolean): Promise<void> => {
    const wink = await winkInPage(settings)
    setStatus((await wink.signIn({ overlay, returnTo })) ?? '')
  }
  return (
    <>
      <p className="choices">
        <button type="button" disabled={!isInteractive} onClick={() => void signIn(false)}>
          {verb} with Wink’s SDK
        </button>
        <button type="button" disabled={!isInteractive} className="quiet" onClick={() => void signIn(true)}>
          {verb} in an overlay
        </button>
      </p>
      <p role="status">{status}</p>
    </>
  )
}
