import type { Identity, Tokens } from '../model/identity.ts'
import { startDeadline } from '../model/time.ts'
import type { AuthContext } from './auth-context.ts'

const timeoutSeconds = 3

/** Gives a sign-out at a vendor its 3 seconds. */
export function signOutInTime<Result>(signOut: () => Promise<Result>): Promise<Result> {
  return startDeadline(timeoutSeconds, () => new Error('deadline')).race(signOut())
}

/** Ends tokens that nobody will use, within 3 seconds. What goes wrong with it stays without effect: they end by themselves. */
export async function revokeUnused(
  { providers }: AuthContext,
  { identity, tokens }: { readonly identity: Identity; readonly tokens: Tokens | undefined },
  returnTo: URL,
): Promise<void> {
  const provider = providers.get(identity.provider)
  // Tokens of an issuer that is not the provider's any more are none of its business.
  if (tokens === undefined || provider?.accountIssuers.includes(identity.issuer) !== true) return
  await signOutInTime(async () => provider.signOut?.(tokens, identity, { returnTo })).catch(() => {})
}
