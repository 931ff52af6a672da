/**
 * Latchkey on NestJS: `LatchkeyModule.forRoot({ auth })` mounts the routes; `@RequireSession()` guards a handler or a
 * controller.
 *
 * @module
 */
export type { SessionEnd, WatchOptions } from '@latchkey/core/adapter'
export { AccessToken } from './access-token.decorator.ts'
export type { Injected } from './auth-token.ts'
export { authToken, InjectAuth, InjectLatchkey, latchkeyToken } from './auth-token.ts'
export { CurrentAuth, CurrentBearer, CurrentIdentity, CurrentSession, CurrentUser } from './current.decorators.ts'
export { LatchkeyGuard, Public } from './latchkey.guard.ts'
export type { LatchkeyModuleAsyncOptions, LatchkeyModuleOptions, LatchkeyOptions } from './latchkey.module.ts'
export { LatchkeyModule } from './latchkey.module.ts'
export { LatchkeyService } from './latchkey.service.ts'
export type { AnyRequest, PlatformRequest } from './platform.ts'
export type { GuardDecorator } from './requirement.decorators.ts'
export { OptionalSession, RequireBearer, RequireSession, RequireSessionOrBearer } from './requirement.decorators.ts'
