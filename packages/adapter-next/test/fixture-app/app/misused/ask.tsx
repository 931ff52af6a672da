'use client'

import { getSession } from '../../lib/misused'

export function Ask() {
  return (
    <button type="button" onClick={() => void getSession()}>
      Ask
    </button>
  )
}
