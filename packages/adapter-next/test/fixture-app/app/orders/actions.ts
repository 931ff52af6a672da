'use server'

import { getAccessToken } from '../../lib/auth'

export async function order(): Promise<void> {
  await fetch(`${process.env.VENDOR_URL}/orders`, {
    headers: { authorization: `Bearer ${await getAccessToken('acme')}` },
  })
}
