/** The frameworks that the demo runs on, each as a server of its own. */
export type Framework = 'Next' | 'Fastify' | 'Nest'

/** Where each of them listens. */
export type Ports = Readonly<Record<Framework, number>>

/** The origin of a server of the demo. */
export function originAt(port: number): string {
  return `http://localhost:${port}`
}
