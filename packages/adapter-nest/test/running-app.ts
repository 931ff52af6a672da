import 'reflect-metadata'
import { once } from 'node:events'
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { createTestBrowser } from '@latchkey/testkit'
import { type INestApplication, Module, type ModuleMetadata, type NestApplicationOptions } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { onTestFinished } from 'vitest'
import { LatchkeyModule } from '../src/index.ts'
import { createExampleAuth, type ExampleAuth } from './example-auth.ts'

export const platforms = ['express', 'fastify'] as const
export type Platform = (typeof platforms)[number]

/** An app on a real socket. */
export interface RunningApp {
  readonly port: number
  readonly app: INestApplication
  /** A request as a script sends it; no redirect is followed. */
  send(path: string, init?: RequestInit): Promise<Response>
  /** A request by which a user opens a page. */
  open(path: string, cookie?: string): Promise<Response>
  /** Signs Ada in; gives the Cookie header of her browser. */
  signIn(path?: string): Promise<string>
}

export interface RawAnswer {
  readonly status: number
  readonly body: string
}

export interface AppParts extends ModuleMetadata {
  readonly platform: Platform
  readonly example?: ExampleAuth
  readonly options?: NestApplicationOptions
  readonly fastify?: ConstructorParameters<typeof FastifyAdapter>[0]
  /** Changes the app before it listens. */
  prepare?(app: INestApplication): void | Promise<void>
}

@Module({})
class AppModule {}

/** Starts an app with an auth until the test ends. */
export async function start({ platform, example, options, prepare, fastify, ...parts }: AppParts): Promise<RunningApp> {
  const { auth } = example ?? createExampleAuth()
  const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter(fastify)
  const imports = parts.imports ?? [LatchkeyModule.forRoot({ auth })]
  const app = await NestFactory.create({ module: AppModule, ...parts, imports }, adapter, {
    logger: false,
    abortOnError: false,
    ...options,
  })
  await prepare?.(app)
  onTestFinished(() => app.close())
  await app.listen(0, '127.0.0.1')

  const { port } = app.getHttpServer().address() as AddressInfo
  const send: RunningApp['send'] = (path, init) =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init })
  return {
    port,
    app,
    send,
    open: (path, cookie) => openPage(port, path, cookie),
    async signIn(path = '/auth/example/callback') {
      return cookieHeader(await send(path))
    },
  }
}

/** Opens a page as a browser does: fetch would say that a script asks. */
async function openPage(port: number, path: string, cookie: string | undefined): Promise<Response> {
  const headers = {
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    ...(cookie !== undefined && { cookie }),
  }
  const outgoing = request({ host: '127.0.0.1', port, path, headers }).end()
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const { statusCode: status = 0, headersDistinct } = incoming
  const entries = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const body = await buffer(incoming)
  return new Response(body.length === 0 ? null : body, { status, headers: entries })
}

/** A request whose target goes out as it is: fetch would tidy it up. */
export async function sendRaw(port: number, target: string, options: RequestOptions = {}): Promise<RawAnswer> {
  const outgoing = request({ host: '127.0.0.1', port, path: target, ...options }).end()
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: incoming.statusCode ?? 0, body: await text(incoming) }
}

/** What a browser sends back after an answer. */
export function cookieHeader(response: Response): string {
  return browserCookies('', response)
}

/** What a browser that sent these cookies sends after an answer. */
export function browserCookies(sent: string, response: Response): string {
  const { cookies } = createTestBrowser({ origin: 'http://localhost:3002' })
  cookies.keep(sent.split('; ').map((pair) => `${pair}; Secure; Path=/`))
  cookies.keep(response.headers.getSetCookie())
  return cookies.header()
}

/** The names of the cookies that an answer sets, in order. */
export function cookieNames(response: Response): readonly (string | undefined)[] {
  return response.headers.getSetCookie().map((line) => line.split('=', 1)[0])
}
