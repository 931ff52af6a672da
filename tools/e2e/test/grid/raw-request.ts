import { connect } from 'node:net'

/** A request, byte for byte. */
export interface RawRequest {
  readonly method: string
  /** What the request line holds. */
  readonly target: string
  /** Header lines; Host and Connection are added where they are not among them. */
  readonly lines?: readonly string[]
  readonly body?: string
}

// Most requests ask for the end of their connection; some that hide another leave the server waiting for more.
const patienceMilliseconds = 1500

/** Sends a request over a connection of its own, as it is; gives all that comes back. */
export function sendRaw(origin: string, { method, target, lines = [], body = '' }: RawRequest): Promise<string> {
  const { hostname: host, port } = new URL(origin)
  const names = new Set(lines.map((line) => line.split(':', 1)[0]?.toLowerCase()))
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(names.has('host') ? [] : ['Host: app.example']),
    ...(names.has('connection') ? [] : ['Connection: close']),
    ...lines,
  ]
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) })
    let text = ''
    socket.setEncoding('latin1')
    socket.setTimeout(patienceMilliseconds, () => socket.destroy())
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    // A server may cut off what it does not understand, before it is all sent.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') reject(error)
    })
    socket.on('close', () => resolve(text))
    // Not its end: Node drops the answer to whoever has hung up.
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1')
  })
}
