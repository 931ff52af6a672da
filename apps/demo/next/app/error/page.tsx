import { headers } from 'next/headers'
import { explanationOf } from '../../../src/content/explanations.ts'
import { hintOf } from '../../../src/hint.ts'
import { Back } from '../../components/back.tsx'
import { demo } from '../../lib/auth.ts'
import { type PageProps, parameter } from '../../lib/query.ts'

export const metadata = { title: 'That did not work' }

export default async function ErrorPage(props: PageProps) {
  const code = (await parameter(props, 'code')) ?? ''
  const hint = await hintOf(demo(), (await headers()).get('cookie'), code)
  return (
    <>
      <h1>That did not work</h1>
      <section className="card failed">
        <p className="lead">{explanationOf(code)}</p>
        <dl>
          <dt>Code</dt>
          <dd>
            <code>{code}</code>
          </dd>
          {hint !== null && (
            <>
              <dt>Hint, from the app’s events</dt>
              <dd>{hint}</dd>
            </>
          )}
        </dl>
      </section>
      <Back />
    </>
  )
}
