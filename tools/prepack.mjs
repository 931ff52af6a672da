// Runs before each package is packed or published. Only pnpm does here what the registry needs: it writes versions in
// the place of `workspace:` and `catalog:`, and asks .pnpmfile.mjs, which refuses what is not built.
import process from 'node:process'

if (!process.env['npm_config_user_agent']?.startsWith('pnpm/')) {
  console.error('Pack and publish with pnpm: pnpm release')
  process.exit(1)
}
