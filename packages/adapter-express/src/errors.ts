import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  'express/headers_sent': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'The session cannot be changed here: the answer takes no cookie. Call `updateSession` before the first byte of a stream, and neither for an upgrade nor behind a guard that is `readOnly`.',
  },
  'express/mounted_twice': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'One request reached `latchkey` of two auths, and a guard could ask the wrong one. Mount each auth in a sub-app or router of its own, with a path of its own.',
  },
  'express/no_upgrade': {
    status: 400,
    message: 'This address is for WebSockets.',
    hint: 'The request is no handshake, its connection has been taken before, or the server has no `upgradeListener(app)` for its `upgrade` event.',
  },
} as const

/** Makes an error of this package's table. */
export const expressError: ErrorFactory<keyof typeof definitions> = defineErrors(definitions)
