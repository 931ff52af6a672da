// What the pages of Fastify and Nest run: the buttons of Wink's browser flow. Next has components for them.
import { winkCallbackPath } from '../wink-settings.ts'
import { tokenPlaces } from './token-places.ts'
import { openWink, type WinkInPage } from './wink-in-page.ts'

const settings = document.querySelector<HTMLElement>('[data-wink-client-id]')
if (settings !== null) {
  const { winkClientId: clientId = '', winkAuthUrl: authUrl = '', winkReturnTo: returnTo = '/' } = settings.dataset
  const wink = openWink({ clientId, authUrl })
  const actions: Readonly<Record<string, () => Promise<string | null>>> = {
    redirect: () => wink.signIn({ overlay: false, returnTo }),
    overlay: () => wink.signIn({ overlay: true, returnTo }),
    prolong: () => wink.prolong(),
    'sign-out': () => wink.signOut(),
  }
  for (const button of settings.querySelectorAll<HTMLButtonElement>('button[data-wink]')) {
    button.addEventListener('click', () => void act(wink, actions[button.dataset.wink ?? '']))
    // Nobody presses it in vain before.
    button.disabled = false
  }
  showTokens(wink)
  if (location.pathname === winkCallbackPath) void act(wink, () => wink.finish())
}

async function act(wink: WinkInPage, action: (() => Promise<string | null>) | undefined): Promise<void> {
  const text = await action?.()
  const status = settings?.querySelector('[role=status]')
  if (status && text) status.textContent = text
  showTokens(wink)
}

function showTokens(wink: WinkInPage): void {
  const rows = tokenPlaces(wink.tokensHeld()).flatMap(({ place, found }) => [
    element('dt', place),
    element('dd', found),
  ])
  settings?.querySelector('dl[data-wink-tokens]')?.replaceChildren(...rows)
}

function element(name: 'dt' | 'dd', text: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
