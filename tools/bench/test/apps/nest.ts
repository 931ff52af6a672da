import 'reflect-metadata'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CurrentSession, LatchkeyModule, type LatchkeyModuleOptions, RequireSession } from '@latchkey/adapter-nest'
import type { Session } from '@latchkey/core'
import { Controller, Get, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { payload } from '../groups/reference.ts'
import { createReferenceAuth, referenceCookies } from '../groups/reference-app.ts'
import type { App, Start } from './app-process.ts'

const { email } = payload.claims

/** Decorators as the functions that they are: Node cannot run their syntax. */
async function start(platform: 'express' | 'fastify', auth: LatchkeyModuleOptions['auth'] | null): Promise<App> {
  class MeController {
    me(session: Session | undefined): object {
      return { email: auth === null ? email : session?.identities.wristband?.profile.email }
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(MeController.prototype, 'me') as TypedPropertyDescriptor<unknown>
  Get('me')(MeController.prototype, 'me', descriptor)
  if (auth !== null) {
    RequireSession()(MeController.prototype, 'me', descriptor)
    CurrentSession()(MeController.prototype, 'me', 0)
  }
  Controller()(MeController)
  class AppModule {}
  const imports = auth === null ? [] : [LatchkeyModule.forRoot({ auth })]
  Module({ imports, controllers: [MeController] })(AppModule)
  const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter()
  const app = await NestFactory.create(AppModule, adapter, { logger: false })
  await app.listen(0, '127.0.0.1')
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo
  return { port, cookies: auth === null ? ['none'] : await referenceCookies(auth) }
}

/** Apps on Nest with `GET /me`, which says the e-mail address of the session. */
export const apps: Readonly<Record<string, Start>> = {
  'bare-express': () => start('express', null),
  'latchkey-express': () => start('express', createReferenceAuth()),
  'bare-fastify': () => start('fastify', null),
  'latchkey-fastify': () => start('fastify', createReferenceAuth()),
}
