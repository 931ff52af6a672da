// Checked by tsc alone: how `wiseProvider` gets its client.
import type { InstalledProvider, ProviderName } from '@latchkey/core'
import { createWiseClient, type WiseProviderOptions, wiseProvider } from '../src/index.ts'

const own = { whiteLabelUrl: 'learn.example', jwtTokenSecret: 'an-example-secret-of-32-bytes-or-more' }
const client = createWiseClient(own)
const resolveUser = () => null

export const accepted: readonly WiseProviderOptions[] = [
  { client, resolveUser },
  { ...own, resolveUser, lifetimeSeconds: undefined, paths: undefined, redirectBy: undefined },
  { client, resolveUser, jwtTokenSecret: undefined },
  { client: undefined, ...own, resolveUser },
]

/** Wise can be installed, and signs nobody in. */
export const installed: InstalledProvider = wiseProvider({ client, resolveUser })
export const nobody: [ProviderName] extends [never] ? true : false = true

// @ts-expect-error a client and options of one
export const both: WiseProviderOptions = { client, jwtTokenSecret: own.jwtTokenSecret, resolveUser }
// @ts-expect-error neither
export const neither: WiseProviderOptions = { resolveUser }
// @ts-expect-error half of the options
export const half: WiseProviderOptions = { whiteLabelUrl: 'learn.example', resolveUser }
// @ts-expect-error nobody says who the user is
export const silent: WiseProviderOptions = { client }
// @ts-expect-error no such way
export const frame: WiseProviderOptions = { client, resolveUser, redirectBy: 'frame' }
