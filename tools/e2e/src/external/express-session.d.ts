declare module 'express-session' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  /** The little of it that is used here. */
  export default function session(options: {
    readonly secret: string
    readonly resave: boolean
    readonly saveUninitialized: boolean
  }): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void
}
