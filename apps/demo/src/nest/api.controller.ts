import { CurrentBearer, CurrentSession, RequireBearer, RequireSession } from '@latchkey/adapter-nest'
import type { BearerClaims, Session } from '@latchkey/core'
import { Controller, Get } from '@nestjs/common'
import { payrollAnswer, payrollRequirement, reportsAnswer, reportsRequirement } from '../api.ts'

/** What programs ask for. */
@Controller()
export class ApiController {
  @Get('api/me')
  @RequireSession()
  me(@CurrentSession() session: Session): Session {
    return session
  }

  @Get('api/payroll')
  @RequireSession(payrollRequirement)
  payroll(@CurrentSession() session: Session): object {
    return payrollAnswer(session)
  }

  @Get('api/reports')
  @RequireBearer(reportsRequirement)
  reports(@CurrentBearer() bearer: BearerClaims): object {
    return reportsAnswer(bearer)
  }

  @Get('healthz')
  health(): object {
    return { ok: true }
  }
}
