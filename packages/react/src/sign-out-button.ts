import {
  type ComponentPropsWithoutRef,
  createElement,
  type ReactElement,
  type ReactNode,
  type SyntheticEvent,
  useRef,
} from 'react'
import { useReturnUrl } from './return-url.ts'
import { useStore } from './session-provider.ts'
import { sendSignOut } from './sign-out.ts'

/** Properties of {@link SignOutButton}: its own, and those of `<button>`. */
export interface SignOutButtonProps extends Omit<ComponentPropsWithoutRef<'button'>, 'type' | 'children'> {
  /** Whether every other session of the user ends, too. Default false. */
  readonly everywhere?: boolean | undefined
  /** Where the browser goes afterwards. Default: `/` of this page's origin. The back end refuses other sites. */
  readonly returnTo?: string | undefined
  readonly children: ReactNode
}

/**
 * A form with one button that signs the user out, at the vendors too, and tells the other tabs. It works without
 * JavaScript.
 *
 * @throws Error outside of a `SessionProvider`
 */
export function SignOutButton(props: SignOutButtonProps): ReactElement {
  const { everywhere = false, returnTo, children, ...others } = props
  const store = useStore()
  const returnUrl = useReturnUrl(store.basePath, returnTo)
  const isSent = useRef(false)
  const onSubmit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (isSent.current) return
    isSent.current = true
    const { currentTarget: form } = event
    void sendSignOut(store, form).finally(() => {
      isSent.current = false
    })
  }
  return createElement(
    'form',
    { method: 'post', action: `${store.basePath}/logout`, onSubmit },
    returnUrl === undefined ? null : hidden('return_url', returnUrl),
    everywhere ? hidden('everywhere', 'yes') : null,
    createElement('button', { ...others, type: 'submit' }, children),
  )
}

function hidden(name: string, value: string): ReactElement {
  return createElement('input', { type: 'hidden', name, value })
}
