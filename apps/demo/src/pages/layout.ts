import type { Demo } from '../demo.ts'
import { originAt } from '../framework.ts'
import { type Html, html } from './html.ts'

/** What a page shows. */
export interface PageContent {
  readonly title: string
  readonly body: Html
  /** Whether the page runs our script. */
  readonly hasScript: boolean
}

/** A whole page. */
export function layout({ framework, environment }: Demo, { title, body, hasScript }: PageContent): string {
  const links = (['Next', 'Fastify', 'Nest'] as const).map((name) =>
    name === framework
      ? html`<li><a href="/" aria-current="true">${name}</a></li>`
      : html`<li><a href="${originAt(environment.ports[name])}/">${name}</a></li>`,
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Latchkey demo on ${framework}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
${hasScript ? html`<script type="module" src="/page-script.js"></script>` : ''}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<a class="brand" href="/">Latchkey demo</a>
<nav aria-label="The same demo on"><ul>${links}</ul></nav>
</header>
<main id="main">
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.markup
}
