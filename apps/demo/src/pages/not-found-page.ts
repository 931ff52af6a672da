import { html } from './html.ts'
import { layout } from './layout.ts'

/** What any other address shows. It repeats nothing of the address. */
export function notFoundPage(): string {
  return layout(
    'Nothing is here',
    html`<p>This address belongs to no page.</p>
<p><a class="button" href="/">Back to the start</a></p>`,
  )
}
