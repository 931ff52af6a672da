import { CurrentBearer, CurrentSession, RequireBearer, RequireSession } from '@latchkey/adapter-nest'
import type { BearerToken, Session } from '@latchkey/core'
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common'
import { payrollAnswer, payrollRequirement, reportsAnswer, reportsRequirement } from '../api.ts'
import type { Demo } from '../demo.ts'
import { demoToken } from './tokens.ts'

/** The API. */
@Controller()
export class ApiController {
  readonly #demo: Demo

  constructor(@Inject(demoToken) demo: Demo) {
    this.#demo = demo
  }

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
  reports(@CurrentBearer() bearer: BearerToken): object {
    return reportsAnswer(bearer)
  }

  @Get('healthz')
  async health(): Promise<object> {
    if (!(await this.#demo.isHealthy())) throw new ServiceUnavailableException()
    return { ok: true }
  }
}
