import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createExampleAuth } from '@latchkey/testkit'
import { expect, it } from 'vitest'
import { latchkey } from '../src/index.ts'
import { page } from './example-auth.ts'

it('publishes each event on the channel, once however often the auth is mounted, without the user and the request', async () => {
  const { auth } = createExampleAuth()
  const messages: unknown[] = []
  const note = (message: unknown): void => void messages.push(message)
  subscribe('latchkey:event', note)
  await latchkey(() => auth).handlers.GET(page('/auth/session'))
  await latchkey(auth).handlers.GET(page('/auth/session'))
  unsubscribe('latchkey:event', note)
  expect(messages).toMatchObject([
    { type: 'route.answered', route: 'session', status: 200 },
    { type: 'route.answered', route: 'session', status: 200 },
  ])
})
