import type { EmulatedWink } from '@latchkey/emulator'

/** Goes through Wink's page as a user without any cookie; gives where Wink sends the browser. */
export async function pressUser(wink: EmulatedWink, authorizationUrl: string, user: string): Promise<URL> {
  const opened = await fetch(authorizationUrl, { redirect: 'manual' })
  const [, token = ''] = /name="req" value="([^"]+)"/.exec(await opened.text()) ?? []
  const pressed = await fetch(new URL('/realms/wink/login-actions/authenticate', wink.authUrl), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ req: token, user }),
  })
  return new URL(pressed.headers.get('location') ?? '')
}
