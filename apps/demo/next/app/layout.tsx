import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import '../../public/style.css'
import { originAt } from '../../src/framework.ts'
import { demo } from '../lib/auth.ts'

export const metadata: Metadata = {
  title: { default: 'Latchkey demo', template: '%s · Latchkey demo on Next' },
  icons: { icon: 'data:,' },
}
export const viewport: Viewport = { colorScheme: 'light dark' }

export default async function Layout({ children }: { children: ReactNode }) {
  // Pages are made per request: the nonce of the policy is in their scripts.
  await connection()
  const { ports } = demo().environment
  return (
    <html lang="en">
      <body>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <header className="bar">
          <a className="brand" href="/">
            Latchkey demo
          </a>
          <nav aria-label="The same demo on">
            <ul>
              <li>
                <a href="/" aria-current="true">
                  Next
                </a>
              </li>
              <li>
                <a href={`${originAt(ports.Fastify)}/`}>Fastify</a>
              </li>
              <li>
                <a href={`${originAt(ports.Nest)}/`}>Nest</a>
              </li>
            </ul>
          </nav>
        </header>
        <main id="main">{children}</main>
        <footer>
          <p>
            The demo runs on this computer. Chromium and Firefox keep Secure cookies on http://localhost; Safari does
            not, so use another browser.
          </p>
        </footer>
      </body>
    </html>
  )
}
