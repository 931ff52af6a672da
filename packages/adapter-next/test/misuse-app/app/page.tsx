'use client'

import { latchkey } from '@latchkey/adapter-next'

/** What no one should write: it would carry the session's code into the browser. */
export default function HomePage() {
  return <main>{typeof latchkey}</main>
}
