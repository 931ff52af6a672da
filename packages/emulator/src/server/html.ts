/** Markup that is safe to send as it is. Only `html` makes it. */
export interface Html {
  readonly markup: string
}

/** What `html` accepts between its literals: text is escaped, markup is kept, lists are joined, false is nothing. */
export type HtmlValue = string | number | Html | readonly HtmlValue[] | false | null | undefined

/** Markup from a template whose interpolated text is escaped, for content and for quoted attributes alike. */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { markup: literals.map((literal, index) => literal + render(values[index])).join('') }
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value))
  return 'markup' in value ? value.markup : value.map(render).join('')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
