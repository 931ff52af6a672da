import { type Auth, notMounted } from '@latchkey/core/adapter'
import type { FastifyInstance } from 'fastify'

const authKey = Symbol.for('latchkey.fastify.auth')

/** Lets everything in this part of the app find its auth. */
export function mountAuth(app: FastifyInstance, auth: Auth): void {
  app.decorate(authKey, auth)
}

/**
 * The auth that is mounted on this part of the app.
 *
 * @throws `core/not_mounted`
 */
export function mountedAuth(app: FastifyInstance): Auth {
  const { [authKey]: auth } = app as { readonly [authKey]?: Auth }
  if (auth === undefined) throw notMounted()
  return auth
}
