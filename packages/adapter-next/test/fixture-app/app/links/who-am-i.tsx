'use client'

import { useState } from 'react'

export function WhoAmI({ ask }: { readonly ask: () => Promise<string> }) {
  const [answer, setAnswer] = useState('')
  return (
    <button type="button" onClick={() => void ask().then(setAnswer)}>
      Who am I? {answer}
    </button>
  )
}
