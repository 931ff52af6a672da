import type { Mount } from '@latchkey/testkit'
import { type INestApplication, VersioningType } from '@nestjs/common'
import { createExpressMount } from './express-mount.ts'
import { createFastifyMount } from './fastify-mount.ts'
import { createNestMount } from './nest-mount.ts'
import { createNextMount } from './next-mount.ts'

/** The plugin of adapter-fastify, as most apps have it. */
export const fastifyMount: Mount = createFastifyMount({ name: 'Fastify' })

/** The middleware of adapter-express on Express 5, in front of the parsers of the app. */
export const expressMount: Mount = createExpressMount({ name: 'Express' })

/** The module of adapter-nest on Express, as most apps have it. */
export const nestExpressMount: Mount = createNestMount({ name: 'Nest on Express', platform: 'express' })

/** The module of adapter-nest on Fastify. */
export const nestFastifyMount: Mount = createNestMount({ name: 'Nest on Fastify', platform: 'fastify' })

/** The handlers and the proxy of adapter-next. */
export const nextMount: Mount = createNextMount('Next', { name: 'next', options: {} })

const lenientRouter = {
  ignoreTrailingSlash: true,
  ignoreDuplicateSlashes: true,
  caseSensitive: false,
  useSemicolonDelimiter: true,
}

/** Fastify with a router that takes many paths for one, behind a proxy, with its routes in a child plugin. */
export const lenientFastifyMount: Mount = createFastifyMount({
  name: 'Fastify with a lenient router and a prefix',
  prefix: '/inner/v1',
  server: { routerOptions: lenientRouter, trustProxy: true },
})

/** Express 4, whose parsers have read every body before, with its routes in a sub-app; behind a proxy. */
export const expressFourMount: Mount = createExpressMount({
  name: 'Express 4 with a sub-app',
  prefix: '/inner/v1',
  major: 4,
})

/** Nest on Express with a global prefix and versions in the path. Express itself ignores case and trailing slashes. */
export const prefixedNestExpressMount: Mount = createNestMount({
  name: 'Nest on Express with a prefix and versions',
  platform: 'express',
  prefix: '/inner/v1',
  prepare: prefixAndVersion,
})

/** The same on Fastify, with a lenient router. */
export const prefixedNestFastifyMount: Mount = createNestMount({
  name: 'Nest on Fastify with a lenient router, a prefix and versions',
  platform: 'fastify',
  prefix: '/inner/v1',
  fastify: { routerOptions: lenientRouter, trustProxy: true },
  prepare: prefixAndVersion,
})

/** Next below a base path. */
export const basePathNextMount: Mount = createNextMount('Next with a base path', {
  name: 'next-base-path',
  options: { basePath: '/inner/v1' },
})

/** Next that wants a slash at the end of every path. */
export const trailingSlashNextMount: Mount = createNextMount('Next with trailing slashes', {
  name: 'next-trailing-slash',
  options: { trailingSlash: true },
})

function prefixAndVersion(app: INestApplication): void {
  app.setGlobalPrefix('inner')
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' })
}
