declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  /** The little of Koa's context that we use. */
  export interface Context {
    readonly path: string
    readonly req: IncomingMessage
    readonly res: ServerResponse
    redirect(url: string): void
  }

  /** What an event of a grant is about. */
  export interface GrantContext {
    readonly oidc: { readonly params: { readonly grant_type: string } }
  }

  /** The little of it that we use: the package ships no types. */
  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    readonly Grant: new (
      properties: object,
    ) => { addOIDCScope(scope: string): void; save(): Promise<string> }
    callback(): RequestListener
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void
    on(event: string, listener: (context: GrantContext) => void): void
    interactionResult(request: IncomingMessage, response: ServerResponse, result: object): Promise<string>
  }
}
