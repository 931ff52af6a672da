import { Writable } from 'node:stream'

/** Where a framework's logger writes, and what it has written. */
export interface LogLines {
  readonly stream: Writable
  text(): string
}

/** Keeps what is logged. */
export function keepLogs(): LogLines {
  let text = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  return { stream, text: () => text }
}
