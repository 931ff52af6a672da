import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { describeWithRedis } from './describe-with-service.ts'
import { startRedis } from './start-redis.ts'

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function ask(socket: Socket, command: string): Promise<string> {
  socket.write(`${command}\r\n`)
  const [answer] = await once(socket, 'data')
  return String(answer)
}

describeWithRedis('startRedis', () => {
  it('answers, is silent while it is paused, and starts again where it was', async () => {
    const first = await startRedis()
    const socket = await open(first.port)
    expect(await ask(socket, 'SET key value')).toBe('+OK\r\n')
    first.pause()
    const answer = ask(socket, 'GET key')
    first.resume()
    expect(await answer).toBe('$5\r\nvalue\r\n')
    const closed = once(socket, 'close')
    await first.kill()
    await closed

    const second = await startRedis({ port: first.port, args: ['--maxmemory', '64mb'] })
    const again = await open(second.port)
    expect(await ask(again, 'GET key')).toBe('$-1\r\n')
    expect(await ask(again, 'CONFIG GET maxmemory')).toContain('67108864')
    second.pause()
    await second.stop()
    again.destroy()
  })

  it('says why it does not start', async () => {
    await expect(startRedis({ args: ['--no-such-setting', '1'] })).rejects.toThrow(/no-such-setting/i)
  })
})
