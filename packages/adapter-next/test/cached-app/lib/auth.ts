import { latchkey } from '@latchkey/adapter-next'
import { createAuth } from '@latchkey/core'
import { acme } from './acme'

export const { proxy, getSession } = latchkey(() =>
  createAuth({
    baseUrl: 'http://localhost:3000',
    secret: 'an-example-secret-of-at-least-32-bytes',
    providers: [acme('https://vendor.example')],
  }),
)
