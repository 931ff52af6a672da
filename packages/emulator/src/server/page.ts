import { createHash } from 'node:crypto'
import { type Html, html } from './html.ts'
import { loopbackSources } from './loopback.ts'
import { marks } from './marks.ts'
import { styleSheet } from './style-sheet.ts'

export interface Page {
  /** The system that is emulated, as users call it. */
  readonly vendor: string
  readonly title: string
  readonly content: Html
  /** 200 by default. */
  readonly status?: number
  /** Origins whose pages may hold this one in a frame, beside its own; none by default, nor its own. */
  readonly frameAncestors?: readonly string[]
}

/** A whole page as an answer: no script, one style sheet allowed by its hash, and a banner that says what it is. */
export function page({ vendor, title, content, status = 200, frameAncestors = [] }: Page): Response {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${vendor} emulator</title>
${style}
</head>
<body class="${vendor}">
<header><p><strong>${vendor} emulator</strong> <span>Runs on this computer. This is not the real ${vendor}.</span></p></header>
<main>
${marks[vendor]}
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`
  return new Response(markup, { status, headers: pageHeaders(frameAncestors) })
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

// A form ends at an application, which may send the browser on to others: Chromium counts every hop.
// An application elsewhere, which must be registered by name, is on https.
const formTargets = ["'self'", 'https:', ...loopbackSources].join(' ')

function pageHeaders(frameAncestors: readonly string[]): Record<string, string> {
  const ancestors = frameAncestors.length > 0 ? ["'self'", ...frameAncestors].join(' ') : "'none'"
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; form-action ${formTargets}; base-uri 'none'; frame-ancestors ${ancestors}`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
