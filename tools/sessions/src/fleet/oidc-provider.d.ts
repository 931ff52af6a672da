declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  type Members = Readonly<Record<string, unknown>>

  /** The little of it that is used here: the package ships no types. */
  export default class Provider {
    constructor(issuer: string, configuration: Members)
    readonly Grant: new (
      of: Members,
    ) => { addOIDCScope(scope: string): void; save(): Promise<string> }
    readonly RefreshToken: new (
      of: Members,
    ) => { save(): Promise<string> }
    readonly Client: { find(clientId: string): Promise<unknown> }
    use(middleware: (context: unknown, next: () => Promise<void>) => Promise<void>): void
    callback(): RequestListener
  }
}
