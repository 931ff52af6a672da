import { getAccessToken, route } from '../../../lib/auth'

export const GET = route({ session: {} }, async () =>
  fetch(`${process.env.VENDOR_URL}/orders`, {
    headers: { authorization: `Bearer ${await getAccessToken('acme')}` },
  }),
)
