const key = 'demo-return-to'

/** Remembers, in this tab, where the sign-in that begins now ends. */
export function rememberReturn(path: string): void {
  sessionStorage.setItem(key, path)
}

/** Gives it once: an address of this origin, for what is remembered may come from an address. */
export function rememberedReturn(): string {
  const path = sessionStorage.getItem(key) ?? '/'
  sessionStorage.removeItem(key)
  const url = URL.canParse(path, location.href) ? new URL(path, location.href) : null
  // Whole: a path of its own could begin with two slashes, which name a host.
  return url?.origin === location.origin ? url.href : '/'
}
