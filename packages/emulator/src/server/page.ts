import { createHash } from 'node:crypto'
import { type Html, html } from './html.ts'
import { styleSheet } from './style-sheet.ts'

export interface Page {
  /** The system that is emulated, as people call it. */
  readonly vendor: string
  readonly title: string
  readonly content: Html
  /** 200 by default. */
  readonly status?: number
  /** Origins at which a form of this page may end: Chromium applies `form-action` to redirects, too. */
  readonly formTargets?: readonly string[]
}

/** A whole page as an answer: no script, one style sheet allowed by its hash, and a banner that says what it is. */
export function page({ vendor, title, content, status = 200, formTargets = [] }: Page): Response {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${vendor} emulator</title>
${style}
</head>
<body>
<header><p><strong>${vendor} emulator</strong> <span>Runs on this computer. This is not the real ${vendor}.</span></p></header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`
  return new Response(markup, { status, headers: pageHeaders(formTargets) })
}

/** A page that says one thing. */
export function messagePage(
  vendor: string,
  { status, title, text }: { readonly status: number; readonly title: string; readonly text: string },
): Response {
  return page({ vendor, title, status, content: html`<p>${text}</p>` })
}

/** A redirect that no cache keeps and that names no referrer. */
export function redirectTo(location: string, { status = 302, cookies = [] }: RedirectOptions = {}): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status, headers })
}

export interface RedirectOptions {
  readonly status?: 302 | 303
  readonly cookies?: readonly string[]
}

// A CSP hash covers the exact text between the tags.
const style: Html = { markup: `<style>${styleSheet}</style>` }
const styleHash = createHash('sha256').update(styleSheet).digest('base64')

function pageHeaders(formTargets: readonly string[]): Record<string, string> {
  const formAction = ["'self'", ...new Set(formTargets)].join(' ')
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
