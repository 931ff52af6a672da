import type { GetServerSideProps } from 'next'
import { getSession } from '../../lib/auth'

interface Props {
  readonly locale: string
  readonly reading: string
}

/** A page of the Pages Router: the proxy refreshes in front of it, and it can read no session. */
export const getServerSideProps: GetServerSideProps<Props> = async ({ locale = 'none' }) => ({
  props: { locale, reading: await getSession().then(String, () => 'refused') },
})

export default function MembersPage({ locale, reading }: Props) {
  return <main>{`members, locale ${locale}, session ${reading}`}</main>
}
