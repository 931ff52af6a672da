'use server'

import { createNextAuth } from '@latchkey/adapter-next'

/** What no one should write: `use server` would make each export an endpoint. */
export const { getSession } = createNextAuth(() => {
  throw new Error('A Server Action was made of it')
})
