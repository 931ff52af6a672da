import { possibleTroubles } from '../../../src/make-trouble.ts'
import { Back } from '../../components/back.tsx'
import { Troubles } from '../../components/troubles.tsx'
import { demo, getSession } from '../../lib/auth.ts'
import { type PageProps, parameter } from '../../lib/query.ts'

export const metadata = { title: 'Make trouble' }

export default async function TroublePage(props: PageProps) {
  const made = await parameter(props, 'made')
  const chosen = possibleTroubles(demo()).find(({ name }) => name === made)
  return (
    <>
      <h1>Make trouble</h1>
      {chosen !== undefined && (
        <section className="card made" role="status">
          <h2>{chosen.title}: ready</h2>
          <p>{chosen.does}</p>
          <p>
            <a className="button" href={chosen.link.path}>
              {chosen.link.title}
            </a>
          </p>
        </section>
      )}
      <Troubles session={await getSession()} />
      <Back />
    </>
  )
}
