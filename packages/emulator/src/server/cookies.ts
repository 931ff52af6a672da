/** The value of a cookie. Names are prefixed by the emulator: every port of localhost shares one jar. */
export function readCookie(request: Request, name: EmulatorCookie): string | undefined {
  for (const pair of request.headers.get('cookie')?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}

export type EmulatorCookie = `latchkey-emulator-${string}`

/** A cookie that scripts cannot read and that lasts until the browser closes. */
export const setCookie = (name: EmulatorCookie, value: string): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax`

export const clearCookie = (name: EmulatorCookie): string => `${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`
