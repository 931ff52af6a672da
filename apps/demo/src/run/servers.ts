import { fileURLToPath } from 'node:url'
import type { Variables } from '../environment.ts'
import type { Ports } from '../framework.ts'
import { nextApp, nextCommand, nextVariables } from './next-command.ts'
import { type ServerProcess, startServer } from './server-process.ts'

/** Starts the demo on each framework: Next first, because users start there. */
export function startServers(ports: Ports, variables: Variables): readonly ServerProcess[] {
  const ours = (module: string): readonly string[] => [fileURLToPath(new URL(module, import.meta.url))]
  const next = [nextCommand, 'start', nextApp, '--hostname', '127.0.0.1', '--port', String(ports.Next)]
  return [
    startServer('Next', { port: ports.Next, command: next, variables: { ...variables, ...nextVariables } }),
    startServer('Fastify', { port: ports.Fastify, command: ours('../fastify/server.js'), variables }),
    startServer('Nest', { port: ports.Nest, command: ours('../nest/server.js'), variables }),
  ]
}
