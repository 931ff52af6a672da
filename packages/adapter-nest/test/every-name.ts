import type { Auth, Authenticated, BearerToken, Identity, OnSignIn, Session } from '@latchkey/core'
import { Body, Controller, type DynamicModule, Get, Inject, Module, Post, Req } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import {
  AccessToken,
  CurrentAuth,
  CurrentBearer,
  CurrentIdentity,
  CurrentSession,
  CurrentUser,
  InjectAuth,
  InjectLatchkey,
  LatchkeyGuard,
  LatchkeyModule,
  LatchkeyService,
  OptionalSession,
  type PlatformRequest,
  Public,
  RequireBearer,
  RequireSession,
  RequireSessionOrBearer,
} from '../src/index.ts'

/** A service of the app that asks the instance named `staff`. */
class StaffService {
  private readonly latchkey: LatchkeyService

  constructor(@InjectLatchkey('staff') latchkey: LatchkeyService) {
    this.latchkey = latchkey
  }

  async isStaff(request: PlatformRequest): Promise<boolean> {
    return (await this.latchkey.getSession(request)) !== null
  }
}

/** Uses every name that the table of adapters has for Nest, as an app would: with no cast, and no request of its own. */
@Controller()
class EveryNameController {
  @Inject(LatchkeyService)
  private readonly latchkey!: LatchkeyService

  private readonly auth: Auth
  private readonly staff: StaffService

  constructor(@InjectAuth() auth: Auth, @Inject(StaffService) staff: StaffService) {
    this.auth = auth
    this.staff = staff
  }

  @Get('session')
  @RequireSession({ maxAuthAgeSeconds: 300, where: ({ user }) => user.subject === 'ada' })
  session(
    @CurrentSession() session: Session,
    @CurrentUser() user: Identity,
    @CurrentIdentity('example') identity: Identity | null,
    @CurrentAuth() auth: Authenticated,
    @CurrentBearer() bearer: BearerToken | null,
  ) {
    return { is: session.user.subject, user: user.subject, identity: identity?.subject, kind: auth.kind, bearer }
  }

  @Get('bearer')
  @Public()
  @RequireBearer({ kind: 'any', scopes: ['reports'] })
  bearer(
    @CurrentBearer() bearer: BearerToken,
    @CurrentAuth() auth: Authenticated,
    @CurrentSession() session: Session | null,
    @CurrentUser() user: Identity | null,
  ) {
    return { is: bearer.subject, kind: auth.kind, session, user }
  }

  @Get('either')
  @Public()
  @RequireSessionOrBearer({ session: {}, bearer: { scopes: ['reports'] } })
  either(@CurrentAuth() auth: Authenticated) {
    return { kind: auth.kind, is: auth.kind === 'session' ? auth.session.user.subject : auth.bearer.subject }
  }

  @Get('optional')
  @Public()
  @OptionalSession()
  optional(@CurrentUser() user: Identity | null, @CurrentAuth() auth: Authenticated | null) {
    return { is: user?.subject ?? null, kind: auth?.kind ?? null }
  }

  @Get('token')
  token(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }

  @Post('theme')
  async theme(@Req() request: PlatformRequest, @Body('theme') theme: string) {
    const { data } = await this.latchkey.updateSession(request, { theme })
    return data
  }

  @Get('service')
  @Public()
  async service(@Req() request: PlatformRequest) {
    const session = await this.latchkey.getSession(request)
    return {
      is: session?.user.subject ?? null,
      accessToken: session === null ? null : await this.latchkey.getAccessToken(request, 'example'),
      formActionOrigins: this.latchkey.formActionOrigins(session),
      routes: this.auth.routes.length,
    }
  }

  @Get('is-staff')
  @Public()
  async isStaff(@Req() request: PlatformRequest) {
    return { isStaff: await this.staff.isStaff(request) }
  }

  @Post('sign-out-everywhere')
  async signOutEverywhere(@CurrentUser() { provider, issuer, subject }: Identity) {
    await this.latchkey.revokeSessions({ provider, issuer, subject })
    return { done: true }
  }
}

/** Reads the request of the platform with its own type. */
export const onSignIn: OnSignIn = ({ frameworkRequest: { ip, originalUrl } }) =>
  ip !== undefined && originalUrl.startsWith('/auth/') ? { action: 'new', data: { visits: 1 } } : { action: 'deny' }

@Module({})
export class EveryNameModule {
  static with(auth: Auth, staff: Auth, name?: string): DynamicModule {
    return {
      module: EveryNameModule,
      imports: [
        LatchkeyModule.forRoot({ auth, name }),
        LatchkeyModule.forRootAsync({
          name: 'staff',
          imports: undefined,
          inject: [],
          useFactory: () => ({ auth: staff }),
        }),
      ],
      controllers: [EveryNameController],
      providers: [StaffService, { provide: APP_GUARD, useClass: LatchkeyGuard }],
    }
  }
}
