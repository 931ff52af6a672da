import { type Auth, addListener, checkOptions, option, required } from '@latchkey/core/adapter'
import { publishEvent } from '@latchkey/core/adapter/node'
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
  type NestModule,
  type OnModuleInit,
} from '@nestjs/common'
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core'
import { mountRefusals, mountRoutes } from './auth-routes.ts'
import { authToken, latchkeyToken } from './auth-token.ts'
import { LatchkeyService } from './latchkey.service.ts'
import { RefusalFilter } from './refusal.filter.ts'

/** What a factory of the module gives. */
export interface LatchkeyOptions {
  /** What `createAuth` made. */
  readonly auth: Auth
}

/** Options of `LatchkeyModule.forRoot`. */
export interface LatchkeyModuleOptions extends LatchkeyOptions {
  /** Tells this instance from others in the same app. The auth of each has a `basePath` and cookie of its own. */
  readonly name?: string | undefined
}

/** Options of `LatchkeyModule.forRootAsync`. */
export interface LatchkeyModuleAsyncOptions extends Pick<FactoryProvider<LatchkeyOptions>, 'useFactory'> {
  /** Modules that export what the factory takes. */
  readonly imports?: ModuleMetadata['imports'] | undefined
  /** What the factory takes, in its order. */
  readonly inject?: FactoryProvider['inject'] | undefined
  /** As in {@link LatchkeyModuleOptions}. */
  readonly name?: string | undefined
}

const authRule = required(option.auth)

const mounting = Symbol('latchkey.nest.mounting')

/**
 * Mounts the routes of an auth, on Express or Fastify, and lets guards anywhere in the app find it. Paths come from the
 * auth's `basePath` alone: global prefixes and versions leave them as they are.
 */
@Module({})
export class LatchkeyModule implements NestModule, OnModuleInit {
  /** Nest calls it before it mounts the app's controllers, so that no wildcard of theirs shadows our routes. */
  readonly configure: () => void

  /** Nest calls it after it has mounted them, and before its own 404. */
  readonly onModuleInit: () => void

  /** @internal Nest calls it. */
  constructor(@Inject(mounting) { mount, mountBehind }: Mounting) {
    this.configure = mount
    this.onModuleInit = mountBehind
  }

  /** @throws `core/invalid_option` */
  static forRoot(options: LatchkeyModuleOptions): DynamicModule {
    const { auth, name } = checkOptions('LatchkeyModule.forRoot', options, { auth: authRule, name: option.text })
    return moduleFor({ name, useFactory: () => ({ auth }) })
  }

  /** @throws `core/invalid_option` */
  static forRootAsync(options: LatchkeyModuleAsyncOptions): DynamicModule {
    const checked = checkOptions('LatchkeyModule.forRootAsync', options, {
      name: option.text,
      imports: option.list(option.anything),
      inject: option.list(option.anything),
      useFactory: required(option.function),
    })
    return moduleFor(checked)
  }
}

function moduleFor({ name, imports = [], inject = [], useFactory }: LatchkeyModuleAsyncOptions): DynamicModule {
  const [token, service] = [authToken(name), latchkeyToken(name)]
  return {
    module: LatchkeyModule,
    global: true,
    imports,
    providers: [
      { provide: token, inject, useFactory: async (...given) => authOf(await useFactory(...(given as unknown[]))) },
      {
        provide: mounting,
        inject: [token, HttpAdapterHost],
        useFactory: (auth: Auth, host: HttpAdapterHost): Mounting => mountingOf(auth, host, name),
      },
      { provide: service, inject: [token], useFactory: (auth: Auth) => new LatchkeyService(auth, name) },
      { provide: APP_FILTER, useClass: RefusalFilter },
    ],
    exports: [token, service],
  }
}

function authOf(options: LatchkeyOptions): Auth {
  const { auth } = checkOptions('LatchkeyModule', options, { auth: authRule })
  addListener(auth, 'node:diagnostics_channel', publishEvent)
  return auth
}

/** What Nest has the module do with the server. */
interface Mounting {
  mount(): void
  mountBehind(): void
}

/** An app without HTTP is never asked to mount anything. */
function mountingOf(auth: Auth, host: HttpAdapterHost, name: string | undefined): Mounting {
  let isMounted = false
  return {
    mount() {
      mountRoutes(host.httpAdapter, auth, name)
      isMounted = true
    },
    mountBehind() {
      if (isMounted) mountRefusals(host.httpAdapter, auth)
    },
  }
}
