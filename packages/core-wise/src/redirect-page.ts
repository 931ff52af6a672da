/**
 * A page that goes on to a URL by itself, or by its link where the browser does not refresh. It runs nothing and loads
 * nothing.
 */
export function redirectPage(url: string): Response {
  const href = url.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=${href}">
<title>Opening Wise</title>
</head>
<body>
<p><a href="${href}" rel="noreferrer">Continue to Wise</a></p>
</body>
</html>
`
  return new Response(html, {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
  })
}
