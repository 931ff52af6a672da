import { findExecutable } from './find-executable.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const macApplications = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)

/** The browser of this machine: the first of Chromium and Chrome on `PATH` or among the applications, or null. */
export function findChromium(): string | null {
  return findExecutable(names, macApplications)
}
