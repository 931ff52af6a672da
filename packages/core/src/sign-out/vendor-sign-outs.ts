import type { ErrorCode } from '../errors/auth-error.ts'
import type { Exchange } from '../exchange.ts'
import type { Wiring } from '../wiring.ts'

const patienceMilliseconds = 3000

/**
 * Asks the providers of a session to end their side of it, all at once and under 3 seconds, and tells which URLs the
 * browser must visit for it. A provider that fails is reported and left out: our own session has ended before.
 */
export async function vendorSignOuts(wiring: Wiring, exchange: Exchange, returnTo: URL): Promise<readonly URL[]> {
  const { record } = exchange
  if (record === null) return []
  const results = await Promise.all(
    Object.entries(record.identities).map(async ([name, identity]) => {
      const provider = wiring.providers.get(name)
      if (provider?.signOut === undefined) return undefined
      const credentials = record.credentials[name] ?? null
      const report = (details: { readonly code?: ErrorCode }): void =>
        wiring.emit(
          { at: wiring.clock(), type: 'provider.sign_out_failed', provider: name, ...details },
          exchange.native,
        )
      try {
        const { url, failure } = (await within(provider.signOut(credentials, identity, { returnTo }))) ?? {}
        if (failure !== undefined) report({ code: failure })
        return url
      } catch {
        report({})
        return undefined
      }
    }),
  )
  return results.filter((url) => url !== undefined)
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('deadline')), patienceMilliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
