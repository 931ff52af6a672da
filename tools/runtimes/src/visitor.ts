import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createTestBrowser } from '@latchkey/testkit'
import { signInAsAda } from '@latchkey/tool-packaging'

/** A user who is sent to a page of a vendor. */
export interface Visitor {
  readonly url: string
  close(): void
}

/**
 * Listens on loopback for the address of a vendor's page, and answers where the vendor leads back to the app: after a
 * sign-in as Ada, where it asks for one.
 */
export async function startVisitor(app: string): Promise<Visitor> {
  const server = createServer((request, response) => {
    void text(request)
      .then((address) => visit(address, app))
      .then(
        (back) => response.end(back),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

async function visit(address: string, app: string): Promise<string> {
  const browser = createTestBrowser({ origin: new URL(address).origin })
  const page = await browser.follow(await browser.open(address), ({ origin }) => origin === app)
  const { location, text: answer } = page.location === null ? await signInAsAda(browser, page) : page
  if (location === null) throw new Error(answer)
  return location.href
}
