import type { AnyIdentity } from '@latchkey/core'
import { type ComponentPropsWithoutRef, createElement, type ReactElement, type ReactNode } from 'react'
import { useReturnUrl } from './return-url.ts'
import { useStore } from './session-provider.ts'

/** Properties of {@link SignInLink}: its own, and those of `<a>`. */
export interface SignInLinkProps extends Omit<ComponentPropsWithoutRef<'a'>, 'href' | 'children'> {
  readonly provider: AnyIdentity['provider']
  /** Where the user comes back to. Default: `/` of this page's origin. The back end refuses other sites. */
  readonly returnTo?: string | undefined
  readonly children: ReactNode
}

/**
 * A plain link to the sign-in of a provider: it works without JavaScript, and no router prefetches it.
 *
 * @throws Error outside of a `SessionProvider`
 */
export function SignInLink({ provider, returnTo, children, ...others }: SignInLinkProps): ReactElement {
  const { basePath } = useStore()
  const returnUrl = useReturnUrl(basePath, returnTo)
  const query = returnUrl === undefined ? '' : `?${new URLSearchParams({ return_url: returnUrl })}`
  return createElement('a', { ...others, href: `${basePath}/${provider}/login${query}` }, children)
}
