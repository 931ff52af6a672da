import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createExampleAuth } from '@latchkey/testkit'
import { expect, it } from 'vitest'
import { listen, versions } from './listening-app.ts'

it.each(Object.entries(versions))(
  'publishes each event on the channel, without the user and the request, on %s',
  async (_version, express) => {
    const { auth } = createExampleAuth()
    const messages: unknown[] = []
    const note = (message: unknown): void => void messages.push(message)
    const app = await listen({ auth }, () => {}, { express })
    subscribe('latchkey:event', note)
    await app.send('/auth/session')
    unsubscribe('latchkey:event', note)
    expect(messages).toMatchObject([{ type: 'route.answered', route: 'session', status: 200 }])
    expect(messages[0]).not.toHaveProperty('frameworkRequest')
  },
)
