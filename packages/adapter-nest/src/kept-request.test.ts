import { Controller, Get, Req } from '@nestjs/common'
import { describe, expect, it } from 'vitest'
import { platforms, start } from '../test/running-app.ts'
import { InjectLatchkey, type LatchkeyService, type PlatformRequest, RequireSession } from './index.ts'

@Controller()
class KeptController {
  private readonly latchkey: LatchkeyService

  constructor(@InjectLatchkey() latchkey: LatchkeyService) {
    this.latchkey = latchkey
  }

  @Get('kept')
  @RequireSession()
  async kept(@Req() request: PlatformRequest) {
    await this.latchkey.getSession(request)
    const members = Object.getOwnPropertySymbols(request.raw ?? request).map(({ description }) => description)
    return members.filter((name) => name?.startsWith('latchkey.'))
  }
}

describe.each(platforms)('what is kept of a request on %s', (platform) => {
  it('is one member of it: each would cost every request as much', async () => {
    const app = await start({ platform, controllers: [KeptController] })
    const response = await app.send('/kept', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toEqual(['latchkey.nest.request'])
  })
})
