import { randomBytes } from 'node:crypto'
import { clients } from '../seed.ts'
import { isClient, readBasic } from '../server/oauth.ts'
import type { WristbandApplication } from './application.ts'

/** The client's primary and secondary secret: a rotation makes a new primary, and the former primary is secondary. */
export interface ClientSecrets {
  readonly primary: string
  rotate(): string
  accepts(request: Request): boolean
}

export function createClientSecrets(): ClientSecrets {
  const { clientId, clientSecret } = clients.wristband
  let secrets = [clientSecret]
  return {
    get primary() {
      return secrets[0] ?? ''
    },
    rotate() {
      const primary = `example-rotated-secret-${randomBytes(16).toString('hex')}`
      secrets = [primary, ...secrets].slice(0, 2)
      return primary
    },
    accepts: (request) => secrets.some((secret) => isClient(readBasic(request), { clientId, clientSecret: secret })),
  }
}

/** Whether a call of an OAuth endpoint is the client's: by a secret, or by its name alone where it has none. */
export const isOurClient = (
  { application, clientSecrets }: { readonly application: WristbandApplication; readonly clientSecrets: ClientSecrets },
  request: Request,
  form: URLSearchParams,
): boolean =>
  application.publicClient && !request.headers.has('authorization')
    ? form.get('client_id') === clients.wristband.clientId
    : clientSecrets.accepts(request)
