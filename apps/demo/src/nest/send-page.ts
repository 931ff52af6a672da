import type { ServerResponse } from 'node:http'
import type { Page } from '../pages/pages.ts'

/** Express's response, which is Node's. */
export type Reply = ServerResponse

/** Sends a page. */
export function sendPage(response: Reply, { status, headers, markup }: Page): void {
  response.writeHead(status, headers).end(markup)
}
