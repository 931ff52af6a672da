import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Wink's SDK as it comes from npm, our helper around it and the demo's buttons, in one file of our own origin: so the
// policy of the pages needs no more than `script-src 'self'`.
await build({
  entryPoints: [fileURLToPath(new URL('../browser/html-pages.js', import.meta.url))],
  outfile: fileURLToPath(new URL('../public/page-script.js', import.meta.url)),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2023',
  logLevel: 'warning',
})
