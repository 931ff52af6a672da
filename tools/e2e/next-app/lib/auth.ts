import { latchkey } from '@latchkey/adapter-next'
import type { Auth } from '@latchkey/core'
import { currentSetup } from './setup'

// An app has one auth for good; this one has another in each test.
const auth = new Proxy({} as Auth, { get: (_, name) => Reflect.get(currentSetup().auth, name) as unknown })

const basePath = process.env.MOUNT_BASE_PATH as `/${string}` | undefined

export const { handlers, proxy, route, getSession, getAccessToken, updateSession } = latchkey(auth, { basePath })
