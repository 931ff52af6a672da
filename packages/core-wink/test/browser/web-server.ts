import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** Answers every request on this port of localhost by a function of web standards. */
export async function serveWeb(
  port: number,
  answer: (request: Request) => Promise<Response>,
): Promise<{ close(): Promise<void> }> {
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const headers = new Headers()
    for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
    const body = incoming.method === 'POST' ? Buffer.concat((await incoming.toArray()) as Buffer[]) : null
    const url = new URL(incoming.url ?? '/', `http://localhost:${port}`)
    const response = await answer(new Request(url, { method: incoming.method ?? 'GET', headers, body }))
    outgoing.writeHead(response.status, [...response.headers].flat())
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  }
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  return {
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
