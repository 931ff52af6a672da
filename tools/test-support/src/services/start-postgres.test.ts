import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it, vi } from 'vitest'
import { describeWithPostgres } from './describe-with-service.ts'
import { startPostgres } from './start-postgres.ts'

/** Asks for TLS, which a server without it answers with one letter. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
    // A server that is just ending takes the connection, and closes it without a word.
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')])
    return String(answer) === 'N'
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

describeWithPostgres('startPostgres', () => {
  it('answers, ends, and starts again on its port, also as a standby', async () => {
    const server = await startPostgres()
    expect(await answers(server.port)).toBe(true)
    await server.stop()
    expect(await answers(server.port)).toBe(false)
    await server.start({ standby: true })
    expect(await answers(server.port)).toBe(true)
    await server.close()
    expect(await answers(server.port)).toBe(false)
  })

  it('ends with the process that started it, even if that is killed', async () => {
    const script = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'start-postgres.ts'))}
      console.log((await startPostgres()).port)
      process.kill(process.pid, 'SIGKILL')`
    const killed = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const port = Number(await text(killed.stdout))
    expect(port).toBeGreaterThan(0)
    await vi.waitFor(async () => expect(await answers(port)).toBe(false), { timeout: 60_000 })
  })

  it('says why it does not start', async () => {
    await expect(startPostgres({ settings: { no_such_setting: '1' } })).rejects.toThrow(/no_such_setting/)
  })
})
