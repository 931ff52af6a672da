declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  /** The little of it that the runner and the tests use: the package ships no types. */
  export interface Context {
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly method: string
    readonly path: string
    readonly hostname: string
    readonly query: Readonly<Record<string, string | undefined>>
    readonly response: { get(name: string): string | undefined }
    status: number
    type: string
    body: unknown
    get(name: string): string
    set(name: string, value: string): void
    redirect(url: string): void
  }

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    readonly Grant: new (
      of: Readonly<Record<string, unknown>>,
    ) => {
      addOIDCScope(scope: string): void
      addResourceScope(resource: string, scope: string): void
      save(): Promise<string>
    }
    readonly Session: { get(context: Context): Promise<{ destroy(): Promise<void> }> }
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void
    callback(): RequestListener
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
    ): Promise<string>
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** Keeps everything in memory. */
  export default class MemoryAdapter {}
}
