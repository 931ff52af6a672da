import { ahead } from './ahead.ts'
import { belowWorker, byWorker } from './below-worker.ts'
import { asDownload, byForm, byLink, byRedirect, byScript } from './by-page.ts'
import { byUser } from './by-user.ts'
import { byProgram, inBackground } from './in-background.ts'
import { inFrames } from './in-frames.ts'
import type { Ways } from './way.ts'

/** Every way of opening a page, by the table of docs/navigations.md in which it stands. */
export const allWays: Readonly<Record<string, Ways>> = {
  'By the user': byUser,
  'By a link': byLink,
  'By a script or a refresh': byScript,
  'By a form': byForm,
  'By a redirect': byRedirect,
  'As a download': asDownload,
  'Below a service worker that passes requests on': belowWorker,
  'What a service worker does with a request': byWorker,
  'In a frame': inFrames,
  'Ahead of time': ahead,
  'In the background': inBackground,
  'By a program': byProgram,
}
