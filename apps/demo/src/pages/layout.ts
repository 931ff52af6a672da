import { type Html, html } from './html.ts'

/** A whole page. */
export function layout(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Latchkey demo</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><a href="/">Latchkey demo</a><span>on Fastify</span></header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.markup
}
