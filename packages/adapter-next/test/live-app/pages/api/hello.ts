import type { NextApiRequest, NextApiResponse } from 'next'
import { getSession } from '../../lib/auth'

export default async function handler(_request: NextApiRequest, response: NextApiResponse): Promise<void> {
  const reading = await getSession().then(String, () => 'refused')
  response.setHeader('set-cookie', 'own=1; Path=/').json({ reading })
}
