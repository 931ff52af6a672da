import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createExampleAuth } from '@latchkey/testkit'
import fastify from 'fastify'
import { expect, it } from 'vitest'
import { latchkey } from '../src/index.ts'

it('publishes each event on the channel, once however often the auth is mounted, without the user and the request', async () => {
  const { auth } = createExampleAuth()
  const messages: unknown[] = []
  const note = (message: unknown): void => void messages.push(message)
  subscribe('latchkey:event', note)
  const app = fastify()
  await app.register(latchkey, { auth })
  const again = fastify()
  await again.register(latchkey, { auth })
  await app.inject('/auth/session')
  unsubscribe('latchkey:event', note)
  await again.inject('/auth/session')
  const duration = expect.any(Number) as number
  expect(messages).toEqual([
    {
      at: expect.any(Number) as number,
      type: 'route.answered',
      route: 'session',
      provider: undefined,
      status: 200,
      durationMilliseconds: duration,
    },
  ])
})
