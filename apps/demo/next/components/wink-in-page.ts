import type { WinkInPage } from '../../src/browser/wink-in-page.ts'
import type { WinkSettings } from '../../src/wink-settings.ts'

let opened: Promise<WinkInPage> | undefined

/** Wink's SDK in this page: loaded when it is first needed, and once, for it can be initialised once. */
export function winkInPage(settings: WinkSettings): Promise<WinkInPage> {
  opened ??= import('../../src/browser/wink-in-page.ts').then(({ openWink }) => openWink(settings))
  return opened
}
