declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  type Members = Readonly<Record<string, unknown>>

  interface Context {
    readonly path: string
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly oidc: { readonly params: { readonly grant_type?: string } }
    redirect(url: string): void
  }

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
    on(event: 'grant.success' | 'grant.error', listener: (context: Context) => void): void
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<unknown>): void
    interactionResult(request: IncomingMessage, response: ServerResponse, result: Members): Promise<string>
    callback(): RequestListener
  }
}
