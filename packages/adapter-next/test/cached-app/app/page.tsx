import { publicSession } from '@latchkey/core'
import { getSession } from '../lib/auth'

/** What a cache keeps is the same for everyone. */
async function Greeting() {
  'use cache'
  return <p>{JSON.stringify(publicSession(await getSession()))}</p>
}

export default function CachedPage() {
  return <Greeting />
}
