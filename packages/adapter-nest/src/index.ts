/**
 * Latchkey on NestJS: `LatchkeyModule.forRoot({ auth })` mounts the routes; `@RequireSession()` guards a handler or a
 * controller.
 *
 * @module
 */
export { authToken, InjectAuth } from './auth-token.ts'
export { CurrentBearer, CurrentIdentity, CurrentSession } from './current.decorators.ts'
export { LatchkeyGuard, Public } from './latchkey.guard.ts'
export type { LatchkeyModuleAsyncOptions, LatchkeyModuleOptions, LatchkeyOptions } from './latchkey.module.ts'
export { LatchkeyModule } from './latchkey.module.ts'
export { OptionalSession, RequireBearer, RequireEither, RequireSession } from './requirement.decorators.ts'
