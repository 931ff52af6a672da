import { askForReports } from '../../../src/ask-for-reports.ts'
import { Back } from '../../components/back.tsx'
import { demo, getAccessToken } from '../../lib/auth.ts'
import { followPage } from '../../lib/follow.ts'

export const metadata = { title: 'An API for users and machines' }

export default async function Reports() {
  const answers = await followPage(() => askForReports(demo(), () => getAccessToken('wristband')))
  return (
    <>
      <h1>An API for users and machines</h1>
      <p className="lead">
        Three callers call <code>GET /api/reports</code> of this server.
      </p>
      <div className="cards">
        {answers.map(({ caller, presents, status, body }) => (
          <section className="card" key={caller}>
            <h2>As {caller}</h2>
            <p>With {presents}.</p>
            <p>
              <strong>{status}</strong>
            </p>
            <pre tabIndex={0} aria-label={`The answer to ${caller}`}>
              <code>{body}</code>
            </pre>
          </section>
        ))}
      </div>
      <Back />
    </>
  )
}
