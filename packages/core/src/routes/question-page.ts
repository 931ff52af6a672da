import { randomToken } from '../crypto/index.ts'
import type { Answer } from '../request/answer.ts'

const style = `:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:min(30rem,100%);padding:1.5rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}
p{margin:0 0 1.5rem;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;box-sizing:border-box;width:100%;padding:.75rem 1rem;border:0;border-radius:.5rem;background:#1d4ed8;color:#fff;cursor:pointer;overflow-wrap:anywhere}
button:focus-visible,a:focus-visible{outline:3px solid #60a5fa;outline-offset:2px}
a{display:block;margin-top:1rem;text-align:center;color:inherit;padding:.5rem;overflow-wrap:anywhere}`

/** A question with one button. */
export interface Question {
  /** 200, or that of a request which has changed nothing yet. */
  readonly status: number
  /** Plain text. */
  readonly title: string
  /** What stands in `<main>`: HTML, with everything escaped that is not our own. */
  readonly main: string
  /** For programs: which question it is. */
  readonly code?: string
  /** Origins that the form may lead to beside our own. */
  readonly formActionOrigins: readonly string[]
}

/** A page that asks before something happens. It runs nothing, loads nothing and is shown in no frame. */
export function questionPage({ status, title, main, code, formActionOrigins }: Question): Answer {
  const nonce = randomToken(16)
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main${code === undefined ? '' : ` data-code="${code}"`}>
${main}
</main>
</body>
</html>
`
  return {
    status,
    headers: [
      ['content-type', 'text/html; charset=utf-8'],
      [
        'content-security-policy',
        `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action ${["'self'", ...formActionOrigins].join(' ')}; frame-ancestors 'none'`,
      ],
      // The address of a page may hold a vendor's code. Browsers need a referrer policy that lets the form name our origin.
      ['referrer-policy', 'strict-origin'],
      ['x-content-type-options', 'nosniff'],
      ['x-frame-options', 'DENY'],
    ],
    body: html,
  }
}

/** Text of others as HTML, in an attribute too. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
