import type { SealScope, Vault } from './vault.ts'

/** A vault that tells when something opens that an older secret sealed: while that happens the secret is in use. */
export function watchedVault(vault: Vault, onOutdated: (scope: SealScope) => void): Vault {
  return {
    ...vault,
    async open(scope, sealed) {
      const opened = await vault.open(scope, sealed)
      if (opened?.outdated === true) onOutdated(scope)
      return opened
    },
  }
}
