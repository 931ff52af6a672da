import type { IncomingMessage } from 'node:http'
import {
  CurrentSession,
  InjectLatchkey,
  type LatchkeyService,
  OptionalSession,
  RequireSession,
} from '@latchkey/adapter-nest'
import type { Session } from '@latchkey/core'
import { Controller, Get, Header, Headers, Inject, Param, Post, Query, Req, Res } from '@nestjs/common'
import { payrollRequirement } from '../api.ts'
import type { Demo } from '../demo.ts'
import { makeTrouble } from '../make-trouble.ts'
import { pageScript } from '../page-script.ts'
import type { PageQuery, Pages } from '../pages/pages.ts'
import { styleSheet } from '../style-sheet.ts'
import { winkCallbackPath } from '../wink-settings.ts'
import { type Reply, sendPage } from './send-page.ts'
import { demoToken, pagesToken } from './tokens.ts'

/** The pages that users open. */
@Controller()
export class PagesController {
  readonly #demo: Demo
  readonly #pages: Pages
  readonly #latchkey: LatchkeyService

  constructor(
    @Inject(demoToken) demo: Demo,
    @Inject(pagesToken) pages: Pages,
    @InjectLatchkey() latchkey: LatchkeyService,
  ) {
    this.#demo = demo
    this.#pages = pages
    this.#latchkey = latchkey
  }

  @Get()
  @OptionalSession()
  front(@CurrentSession() session: Session | null, @Res() reply: Reply): void {
    sendPage(reply, this.#pages.front(session))
  }

  @Get('payroll')
  @RequireSession(payrollRequirement)
  payroll(@CurrentSession() session: Session, @Res() reply: Reply): void {
    sendPage(reply, this.#pages.payroll(session))
  }

  @Get('sign-in')
  signIn(@Query() query: PageQuery, @Res() reply: Reply): void {
    sendPage(reply, this.#pages.signIn(query))
  }

  @Get(winkCallbackPath)
  winkCallback(@Res() reply: Reply): void {
    sendPage(reply, this.#pages.winkCallback())
  }

  @Get('error')
  async error(
    @Query() query: PageQuery,
    @Headers('cookie') cookie: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    sendPage(reply, await this.#pages.error(query, cookie))
  }

  @Get('reports')
  async reports(@Req() request: IncomingMessage, @Res() reply: Reply): Promise<void> {
    sendPage(reply, await this.#pages.reports(() => this.#latchkey.getAccessToken(request, 'wristband')))
  }

  @Get('trouble')
  @OptionalSession()
  trouble(@Query() query: PageQuery, @CurrentSession() session: Session | null, @Res() reply: Reply): void {
    sendPage(reply, this.#pages.trouble(query, session))
  }

  @Post('trouble/:name')
  async makeTrouble(
    @Param('name') name: string,
    @Headers('sec-fetch-site') site: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    reply.writeHead(303, { location: await makeTrouble(this.#demo, { name, site }) }).end()
  }

  @Get('style.css')
  @Header('content-type', 'text/css')
  style(): Promise<string> {
    return styleSheet()
  }

  @Get('page-script.js')
  @Header('content-type', 'text/javascript')
  script(): Promise<string> {
    return pageScript()
  }
}
