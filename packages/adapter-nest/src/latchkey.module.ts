import type { Auth } from '@latchkey/core/adapter'
import { checkOptions, invalidOption } from '@latchkey/core/provider'
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
  type NestModule,
} from '@nestjs/common'
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core'
import { mountRoutes } from './auth-routes.ts'
import { authToken } from './auth-token.ts'
import { RefusalFilter } from './refusal.filter.ts'

/** What a factory of the module gives. */
export interface LatchkeyOptions {
  readonly auth: Auth
}

/** Options of `LatchkeyModule.forRoot`. */
export interface LatchkeyModuleOptions extends LatchkeyOptions {
  /** Tells this instance from others in the same app. The auth of each has a `basePath` and cookie of its own. */
  readonly name?: string
}

/** Options of `LatchkeyModule.forRootAsync`. */
export interface LatchkeyModuleAsyncOptions
  extends Pick<ModuleMetadata, 'imports'>,
    Pick<FactoryProvider<LatchkeyOptions>, 'inject' | 'useFactory'> {
  /** As in {@link LatchkeyModuleOptions}. */
  readonly name?: string
}

const mounting = Symbol('latchkey.nest.mounting')

/**
 * Mounts the routes of an auth, on Express or Fastify, and lets guards anywhere in the app find it. Paths come from the
 * auth's `basePath` alone: global prefixes and versions leave them as they are.
 */
@Module({})
export class LatchkeyModule implements NestModule {
  /** Nest calls it before it mounts the app's controllers, so that no wildcard of theirs shadows our routes. */
  readonly configure: () => void

  constructor(@Inject(mounting) mount: () => void) {
    this.configure = mount
  }

  /** @throws `core/invalid_option` */
  static forRoot(options: LatchkeyModuleOptions): DynamicModule {
    const { auth, ...named } = checkOptions('LatchkeyModule.forRoot', options, ['auth', 'name'])
    return moduleFor({ ...named, useFactory: () => ({ auth }) })
  }

  /** @throws `core/invalid_option` */
  static forRootAsync(options: LatchkeyModuleAsyncOptions): DynamicModule {
    const known = ['name', 'imports', 'inject', 'useFactory']
    return moduleFor(checkOptions('LatchkeyModule.forRootAsync', options, known))
  }
}

function moduleFor({ name, imports = [], inject = [], useFactory }: LatchkeyModuleAsyncOptions): DynamicModule {
  const token = authToken(name)
  return {
    module: LatchkeyModule,
    global: true,
    imports,
    providers: [
      { provide: token, inject, useFactory: async (...given) => authOf(await useFactory(...(given as unknown[]))) },
      {
        provide: mounting,
        inject: [token, HttpAdapterHost],
        useFactory: (auth: Auth, host: HttpAdapterHost) => () => mountRoutes(host.httpAdapter, auth, name),
      },
      { provide: APP_FILTER, useClass: RefusalFilter },
    ],
    exports: [token],
  }
}

function authOf(options: LatchkeyOptions): Auth {
  const { auth } = checkOptions('LatchkeyModule', options, ['auth'])
  if (typeof auth?.handle !== 'function') throw invalidOption('LatchkeyModule', 'auth', 'must come from createAuth')
  return auth
}
