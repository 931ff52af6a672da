import type { Session } from '@latchkey/core'
import { possibleTroubles } from '../../src/make-trouble.ts'
import { demo } from '../lib/auth.ts'

/** Buttons that make the emulators misbehave. */
export function Troubles({ session }: { readonly session: Session | null }) {
  const possible = possibleTroubles(demo())
  if (possible.length === 0) return null
  return (
    <section aria-labelledby="troubles">
      <h2 id="troubles">What if something goes wrong?</h2>
      <p>Make the emulators misbehave. See what the app tells the user, and what its events tell you.</p>
      <ul className="troubles">
        {possible.map(({ name, title, does, then, needsSession, system }) => (
          <li key={name} className={`card ${system}`}>
            <h3>{title}</h3>
            <p>{does}</p>
            <p>{then}</p>
            {needsSession === true && session?.identities.wristband === undefined ? (
              <p className="note">Sign in with Wristband first.</p>
            ) : (
              <form action={`/trouble/${name}`} method="post">
                <button type="submit" className="quiet">
                  {title}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
