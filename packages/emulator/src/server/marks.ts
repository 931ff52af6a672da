import { type Html, html } from './html.ts'

/** Drawings of our own by which the three systems are told apart; they imitate no trademark. */
export const marks: Readonly<Record<string, Html>> = {
  Wristband: drawing(html`<ellipse cx="16" cy="11" rx="12" ry="6"/><path d="M4 11v9c0 8 24 8 24 0v-9"/>`),
  Wink: drawing(
    html`<path d="M4 11V6h6M22 6h6v5M28 21v5h-6M10 26H4v-5"/><path d="M9 15q3-3 6 0M19 15h5M11 21q5 4 10 0"/>`,
  ),
  Wise: drawing(html`<path d="M16 7 3 13l13 6 13-6z"/><path d="M8 16v6q8 6 16 0v-6M29 13v8"/>`),
}

function drawing(shapes: Html): Html {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</svg>`
}
