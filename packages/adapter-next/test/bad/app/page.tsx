'use client'
import { getSession } from '../lib/auth'
export default function Page() { return <button onClick={async () => console.log(await getSession())}>x</button> }
