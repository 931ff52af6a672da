/** Markup that may stand in a page as it is. */
export interface Html {
  readonly markup: string
}

/** Builds markup; every value in it is escaped unless it is markup itself. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number)[]
): Html {
  const filled = parts.map((part, index) => part + (index < values.length ? markupOf(values[index] ?? '') : ''))
  return { markup: filled.join('') }
}

function markupOf(value: Html | readonly Html[] | string | number): string {
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value))
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
