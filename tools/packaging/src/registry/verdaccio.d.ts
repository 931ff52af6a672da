/** Verdaccio's own types do not compile here. */
declare module 'verdaccio' {
  import type { Server } from 'node:http'

  export function runServer(config: object): Promise<Server>
}
