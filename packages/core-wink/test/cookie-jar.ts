/** The cookies of one browser, as far as these tests need them. */
export class CookieJar {
  readonly #cookies: Map<string, string> = new Map()

  store(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.slice(0, line.indexOf(';')).split('=')
      if (value === '' || /; *max-age=0/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }

  header(): string {
    return [...this.#cookies].map((pair) => pair.join('=')).join('; ')
  }

  names(): readonly string[] {
    return [...this.#cookies.keys()]
  }

  /** A cookie that no response of ours set. */
  plant(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  clear(): void {
    this.#cookies.clear()
  }
}
