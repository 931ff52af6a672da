import type { ProviderRoute } from '@latchkey/core/provider'

const script = 'parent.postMessage(location.href, location.origin)'
/** SHA-256 of the script, for the policy that allows it alone. */
const scriptHash = 'JXGej4mPACbE/fP5kuunldJEyMk62sNjNe85DtAcMoU='

/** `GET /silent-check-sso.html`: the page in the SDK's hidden frame, which hands Wink's answer to the page around it. */
export const silentCheckRoute: ProviderRoute<'wink'> = {
  method: 'GET',
  path: '/silent-check-sso.html',
  from: 'anyone',
  handle: async () =>
    new Response(`<!doctype html>\n<title>Wink</title>\n<script>${script}</script>\n`, {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
        'x-frame-options': 'SAMEORIGIN',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      },
    }),
}
