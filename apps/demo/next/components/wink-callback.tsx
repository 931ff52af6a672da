'use client'

import { useEffect, useState } from 'react'
import { winkCallbackText } from '../../src/content/wink-flows.ts'
import type { WinkSettings } from '../../src/wink-settings.ts'
import { winkInPage } from './wink-in-page.ts'

let finished: Promise<string | null> | undefined

/** Ends a sign-in of Wink's SDK, once, and leaves for where it was begun. */
export function WinkCallback({ settings }: { readonly settings: WinkSettings }) {
  const [status, setStatus] = useState(winkCallbackText)
  useEffect(() => {
    finished ??= winkInPage(settings).then((wink) => wink.finish())
    void finished.then((text) => setStatus(text ?? winkCallbackText))
  }, [settings])
  return (
    <section className="card wink">
      <p role="status">{status}</p>
    </section>
  )
}
