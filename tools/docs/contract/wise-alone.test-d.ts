// An app with sessions of its own, where nobody signs in through us: the names of other providers do not compile.
import { getSession, requireSession } from '@latchkey/adapter-fastify'
import { createAuth, type Identity, type ProviderName } from '@latchkey/core'
import { wiseProvider } from '@latchkey/core-wise'
import type { FastifyRequest } from 'fastify'
import { expectTypeOf } from 'vitest'

// What a plugin of the framework adds to its requests.
declare module 'fastify' {
  interface FastifyRequest {
    readonly session: { readonly user?: { readonly id: string; readonly name: string } }
  }
}

export const auth = createAuth({
  baseUrl: 'https://school.example',
  secret: 'an-example-secret-of-32-bytes-or-more',
  session: {
    strategy: 'external',
    onSignedIn(identity, { tokens, frameworkRequest }) {
      expectTypeOf(identity).toEqualTypeOf<Identity>()
      expectTypeOf(frameworkRequest).toEqualTypeOf<FastifyRequest>()
      expectTypeOf(tokens?.accessToken).toEqualTypeOf<string | undefined>()
    },
  },
  providers: [
    wiseProvider({
      whiteLabelUrl: 'learn.example',
      jwtTokenSecret: 'an-example-secret',
      async resolveUser({ frameworkRequest }) {
        const { user } = frameworkRequest.session
        return user === undefined ? null : { vendorUserId: user.id, name: user.name, profile: 'student' }
      },
    }),
  ],
})

expectTypeOf<ProviderName>().toEqualTypeOf<never>()

export function refused(request: FastifyRequest): void {
  // @ts-expect-error not installed
  requireSession({ provider: 'wristband' })
  // @ts-expect-error not installed
  void auth.getAccessToken({ method: 'GET', url: '/', headers: new Headers() }, 'wink')
  // @ts-expect-error not installed
  void getSession(request).then((session) => session?.identities.wristband)
}
