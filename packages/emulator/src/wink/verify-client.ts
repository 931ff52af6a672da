import { clients, type User, users } from '../seed.ts'
import { equalSecrets } from '../server/oauth.ts'
import type { Handler } from '../server/router.ts'
import { problem, readJsonObject } from './api-json.ts'
import type { WinkState } from './state.ts'

/** POST /api/ConfidentialClient/verify-client: an access token's user in clear text. */
export const verifyClient =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    const { ClientId, ClientSecret, AccessToken } = await readJsonObject(request)
    if (typeof ClientId !== 'string' || typeof ClientSecret !== 'string' || typeof AccessToken !== 'string') {
      note('bad_request')
      return problem(400, 'ClientId, ClientSecret and AccessToken are required.')
    }
    const known = ClientId === clients.wink.clientId && equalSecrets(ClientSecret, clients.wink.clientSecret)
    const claims = known ? await activeClaims(state, AccessToken, ClientId) : null
    const user = Object.values(users).find(({ winkToken }) => winkToken === claims?.sub)
    if (!claims || !user) {
      note('unauthorized')
      return problem(state.switches.verifyRefusalStatus, 'The client or its access token is not valid.')
    }
    const change = state.plannedProfiles.take()
    const profile = describe(user, Number(claims.exp))
    return Response.json(change ? change(profile) : profile, { headers: { 'cache-control': 'no-store' } })
  }

async function activeClaims(
  state: WinkState,
  token: string,
  clientId: string,
): Promise<Record<string, unknown> | null> {
  const verified = await state.keys.verify(token)
  if (!verified) return null
  const { typ, azp, iss, exp } = verified.claims
  const active = typ === 'Bearer' && azp === clientId && iss === state.issuer && Number(exp) > state.clock.now()
  return active ? verified.claims : null
}

/** Its spelling, masks and null members are those of the real answer. */
function describe(user: User, expiresAt: number): Record<string, unknown> {
  const [, area, exchange, line] = /(\d{3})(\d{3})(\d{4})$/.exec(user.phoneNumber) ?? []
  return {
    firstName: user.givenName,
    lastName: user.familyName,
    contactNo: `(${area}) ${exchange}-${line}`,
    email: user.email,
    winkTag: user.winkTag,
    winkToken: user.winkToken,
    dateOfBirth: `**/**/${user.birthYear}`,
    expiryTime: new Date(expiresAt * 1000).toISOString().replace('.000Z', 'Z'),
    clientSecret: null,
  }
}
