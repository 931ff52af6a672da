import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, it } from 'vitest'
import { platforms, start } from './running-app.ts'

it.each(platforms)('publishes each event on the channel, without the user and the request, on %s', async (platform) => {
  const messages: unknown[] = []
  const note = (message: unknown): void => void messages.push(message)
  subscribe('latchkey:event', note)
  const app = await start({ platform })
  await app.signIn()
  unsubscribe('latchkey:event', note)
  expect(messages).toMatchObject([
    { type: 'sign_in.succeeded', provider: 'example' },
    { type: 'route.answered', route: 'callback', provider: 'example' },
  ])
  for (const message of messages) {
    expect(message).not.toHaveProperty('user')
    expect(message).not.toHaveProperty('frameworkRequest')
  }
})
