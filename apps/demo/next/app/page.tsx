import { demo, getSession } from '../lib/auth.ts'

export default async function FrontDoor() {
  const session = await getSession()
  return <h1>{session === null ? 'Sign in' : 'Hello'} {demo().framework}</h1>
}
