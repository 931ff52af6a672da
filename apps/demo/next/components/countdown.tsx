'use client'

import { useEffect, useState } from 'react'

/** The time that is left, updated every second by the browser's own clock. */
export function Countdown({ seconds }: { readonly seconds: number }) {
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const end = Date.now() + seconds * 1000
    const timer = setInterval(() => setLeft(Math.max(0, Math.round((end - Date.now()) / 1000))), 1000)
    return () => clearInterval(timer)
  }, [seconds])
  if (left === 0) return <span role="timer">ended: reload the page</span>
  return (
    <span role="timer" className="countdown">
      {Math.floor(left / 60)} min {String(left % 60).padStart(2, '0')} s
    </span>
  )
}
