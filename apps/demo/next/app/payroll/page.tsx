import { payrollRequirement } from '../../../src/api.ts'
import { Back } from '../../components/back.tsx'
import { requireSession } from '../../lib/auth.ts'
import { followPage } from '../../lib/follow.ts'

export const metadata = { title: 'Payroll' }

export default async function Payroll() {
  const { identities } = await followPage(() => requireSession(payrollRequirement, { returnTo: '/payroll' }))
  return (
    <>
      <h1>Payroll</h1>
      <section className="card wink">
        <p>
          Salary: <strong>4,200.00</strong> (an example).
        </p>
        <p>{identities.wink?.profile.name ?? 'You'} authenticated with Wink within the last five minutes.</p>
      </section>
      <Back />
    </>
  )
}
