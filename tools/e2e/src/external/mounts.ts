import 'reflect-metadata'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import cookie from '@fastify/cookie'
import fastifySession from '@fastify/session'
import { latchkey as latchkeyOnExpress } from '@latchkey/adapter-express'
import { latchkey } from '@latchkey/adapter-fastify'
import { LatchkeyModule } from '@latchkey/adapter-nest'
import type { Auth } from '@latchkey/core'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import expressSession from 'express-session'
import fastify, { type FastifyRequest } from 'fastify'
import type { OwnSession, User } from './own-auth.ts'

declare module 'fastify' {
  interface Session {
    user?: User
  }
}

const secret = 'an-example-secret-of-the-sessions-of-the-app'

/** A framework with its own sessions, and how to mount an auth on it. */
export interface OwnMount {
  readonly name: string
  readonly session: OwnSession
  /** Starts the app: it has the auth's routes and `GET /me`. */
  start(auth: Auth): Promise<{ readonly port: number; close(): Promise<void> }>
}

const onFastify: OwnMount = {
  name: '@fastify/session on Fastify',
  session: {
    userOf: (frameworkRequest) => (frameworkRequest as FastifyRequest).session.user,
    async signIn(frameworkRequest, user) {
      const { session } = frameworkRequest as FastifyRequest
      // A session id from before the sign-in is worth nothing after it.
      await session.regenerate()
      ;(frameworkRequest as FastifyRequest).session.user = user
    },
  },
  async start(auth) {
    const app = fastify()
    await app.register(cookie)
    await app.register(fastifySession, { secret, cookie: { secure: false } })
    await app.register(latchkey, { auth })
    app.get('/me', async ({ session }) => ({ user: session.user ?? null }))
    await app.listen({ host: '127.0.0.1', port: 0 })
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
  },
}

/** What express-session adds to a request. */
interface ExpressRequest {
  readonly session: { user?: User; regenerate(done: (error?: Error) => void): void }
}

const ofExpress: OwnSession = {
  userOf: (frameworkRequest) => (frameworkRequest as ExpressRequest).session.user,
  async signIn(frameworkRequest, user) {
    const request = frameworkRequest as ExpressRequest
    await new Promise<void>((resolve, reject) => {
      request.session.regenerate((error) => (error === undefined || error === null ? resolve() : reject(error)))
    })
    request.session.user = user
  },
}

const sessionsOfExpress = () => expressSession({ secret, resave: false, saveUninitialized: false })

const tellUser = (request: object, response: { json(body: unknown): unknown }): void => {
  response.json({ user: (request as ExpressRequest).session.user ?? null })
}

const onExpress: OwnMount = {
  name: 'express-session on Express',
  session: ofExpress,
  async start(auth) {
    const app = express()
    app.use(sessionsOfExpress(), latchkeyOnExpress({ auth }))
    app.get('/me', tellUser)
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      port: (server.address() as AddressInfo).port,
      close: async () => server.close().closeAllConnections(),
    }
  },
}

const onNest: OwnMount = {
  name: 'express-session on Nest',
  session: ofExpress,
  async start(auth) {
    class AppModule {}
    Module({ imports: [LatchkeyModule.forRoot({ auth })] })(AppModule)
    const app = await NestFactory.create(AppModule, { logger: false })
    app.use(sessionsOfExpress())
    app.getHttpAdapter().get('/me', tellUser)
    await app.listen(0, '127.0.0.1')
    return { port: ((app.getHttpServer() as Server).address() as AddressInfo).port, close: () => app.close() }
  },
}

export const ownMounts: readonly OwnMount[] = [onFastify, onExpress, onNest]
