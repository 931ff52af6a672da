import type { Session } from '@latchkey/core'
import { html } from './html.ts'
import { layout } from './layout.ts'

/** What only a person whom Wink has just seen may read. */
export function payrollPage({ identities: { wink } }: Session): string {
  return layout(
    'Payroll',
    html`<p>Salary: 4,200.00 (an example).</p>
<p>Wink saw ${wink?.profile.name ?? 'you'} within the last five minutes.</p>
<p><a href="/">Back</a></p>`,
  )
}
