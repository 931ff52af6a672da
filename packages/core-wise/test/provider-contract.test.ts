import { providerContract } from '@latchkey/testkit'
import { describe, it } from 'vitest'
import { wiseProvider } from '../src/index.ts'

const jwtTokenSecret = '5fe9e02f07c0123456789e7950e437ec'
const vendorUserId = 'canary-user'

providerContract({
  describe,
  it,
  // Wise is told who the user is; it tells nobody.
  signsIn: false,
  create({ clock }) {
    const provider = wiseProvider({
      whiteLabelUrl: 'https://xyz.onlineclass.site',
      jwtTokenSecret,
      resolveUser: ({ session }) => session && { vendorUserId, name: 'Ada', profile: 'student' },
      clock,
    })
    const authorize = () => {
      throw new Error('Wise signs nobody in')
    }
    return { provider, vendor: { authorize, canaries: [jwtTokenSecret, vendorUserId] } }
  },
})
