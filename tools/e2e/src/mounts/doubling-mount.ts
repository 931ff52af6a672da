import { type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Mount } from '@latchkey/testkit'
import { listen } from '@latchkey/tool-test-support'

/** An answer that may be spoilt. */
export interface SentAnswer {
  readonly path: string
  readonly status: number
}

/** A mount behind which some answers have each `Set-Cookie` line twice: as of an adapter that adds what is there. */
export function doublingMount(mount: Mount, isDoubled: (answer: SentAnswer) => boolean): Mount {
  return {
    ...mount,
    async start(setup) {
      const inner = await mount.start(setup)
      const { hostname, port } = new URL(inner.origin)
      const outer = await listen(async (incoming, outgoing) => {
        const { method, url: path = '/', headers } = incoming
        const asked = request({ hostname, port, method, path, headers })
        outgoing.on('close', () => asked.destroy())
        incoming.on('error', () => asked.destroy())
        incoming.pipe(asked)
        const answer = await new Promise<IncomingMessage>((resolve, reject) => {
          asked.on('response', resolve).on('error', reject)
        })
        const { statusCode: status = 500, headers: sent } = answer
        const cookies = sent['set-cookie'] ?? []
        const isSpoilt = cookies.length > 0 && isDoubled({ path, status })
        outgoing.writeHead(status, { ...sent, ...(isSpoilt && { 'set-cookie': [...cookies, ...cookies] }) })
        await pipeline(answer, outgoing)
      })
      return {
        ...inner,
        origin: outer.origin,
        async close() {
          await outer.close()
          await inner.close()
        },
      }
    },
  }
}
