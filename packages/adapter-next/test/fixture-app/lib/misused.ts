'use server'

import { latchkey } from '@latchkey/adapter-next'

/** What no one should write: `use server` would make each export an endpoint. */
export const { getSession } = latchkey(() => {
  throw new Error('A Server Action was made of it')
})
