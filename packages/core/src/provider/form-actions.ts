import type { Session } from '../model/session.ts'
import type { MountedProvider } from './contract.ts'

/** Origins that a form post of ours can end at by the providers' redirects, each once: for CSP `form-action`. */
export function formActionOrigins(
  providers: ReadonlyMap<string, MountedProvider>,
  session: Session | null,
): readonly string[] {
  return [...new Set([...providers.values()].flatMap((provider) => provider.formActionOrigins?.(session) ?? []))]
}
