import { connect, type Socket } from 'node:net'

/** A request, byte for byte. */
export interface RawRequest {
  readonly method: string
  /** What the request line holds. */
  readonly target: string
  /** Header lines; Host and Connection are added where they are not among them. */
  readonly lines?: readonly string[]
  readonly body?: string
}

/** Sends requests to one server, as they are. */
export interface RawClient {
  /**
   * Gives all that comes back. A request that may leave a server waiting for more, or that may be read as two, has a
   * connection of its own; the others take turns on those that the server leaves open.
   */
  send(request: RawRequest): Promise<string>
  close(): void
}

// Some that hide another leave the server waiting for more.
const patienceMilliseconds = 1500

/** Opens a client of a server of this machine. */
export function openRawClient(origin: string): RawClient {
  const { hostname: host, port } = new URL(origin)
  const open = (): Socket => {
    const socket = connect({ host, port: Number(port) })
    socket.setEncoding('latin1')
    // A server may cut off what it does not understand, before it is all sent, and what is idle.
    return socket.on('error', () => {})
  }
  const idle: Socket[] = []
  const sendInTurn = async (request: RawRequest): Promise<string> => {
    const kept = idle.pop()
    if (kept?.destroyed === true) return sendInTurn(request)
    const socket = kept ?? open()
    const text = await exchange(socket, textOf(request, 'keep-alive'), (answer) => isWhole(answer, request))
    // The server has closed it meanwhile.
    if (text === '' && kept !== undefined) return sendInTurn(request)
    if (!socket.destroyed) idle.push(socket)
    return text
  }
  const sendAlone = (request: RawRequest): Promise<string> => {
    const socket = open()
    // On a busy machine a server is slow and not waiting: it is asked something else before this is given up.
    const giveUp = async (): Promise<void> => {
      const before = socket.bytesRead
      await sendInTurn({ method: 'GET', target: '/' })
      if (socket.bytesRead === before) socket.destroy()
    }
    socket.setTimeout(patienceMilliseconds, () => void giveUp())
    return exchange(socket, textOf(request, 'close'), () => false)
  }
  return {
    send: (request) => (isPlain(request) ? sendInTurn(request) : sendAlone(request)),
    close: () => idle.forEach((socket) => socket.destroy()),
  }
}

/** Whether all servers take a request for one, without a body. */
function isPlain({ method, target, lines = [], body = '' }: RawRequest): boolean {
  const framing = /^(?:connection|content-length|expect|transfer-encoding|upgrade)\W/i
  const isOne = ![method, target, ...lines].some((text) => /[\r\n]/.test(text))
  return isOne && body === '' && method !== 'CONNECT' && !lines.some((line) => framing.test(line))
}

function textOf({ method, target, lines = [], body = '' }: RawRequest, connection: 'close' | 'keep-alive'): string {
  const names = new Set(lines.map((line) => line.split(':', 1)[0]?.toLowerCase()))
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(names.has('host') ? [] : ['Host: app.example']),
    ...(names.has('connection') ? [] : [`Connection: ${connection}`]),
    ...lines,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

/** Writes a request and reads on, until the connection ends or the answer is whole. */
function exchange(socket: Socket, request: string, isEnough: (answer: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const settle = (): void => {
      socket.off('data', read).off('error', fail).off('close', settle)
      resolve(text)
    }
    const read = (chunk: string | Buffer): void => {
      text += String(chunk)
      if (isEnough(text)) settle()
    }
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'ECONNREFUSED') reject(error)
    }
    socket.on('data', read).on('error', fail).on('close', settle)
    // Not its end: Node drops the answer to whoever has hung up.
    socket.write(request, 'latin1')
  })
}

/** Whether an answer has come to its end, on a connection that stays open after it. */
function isWhole(answer: string, { method }: RawRequest): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return false
  const head = answer.slice(0, end)
  if (/\r\nconnection: *close/i.test(head)) return false
  if (method === 'HEAD' || /^HTTP\/1\.1 (?:204|304)/.test(head)) return true
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return answer.endsWith('\r\n0\r\n\r\n')
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
  return length !== undefined && answer.length === end + 4 + Number(length)
}
