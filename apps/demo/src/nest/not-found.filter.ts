import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, NotFoundException } from '@nestjs/common'
import type { Pages } from '../pages/pages.ts'
import { type Reply, sendPage } from './send-page.ts'
import { pagesToken } from './tokens.ts'

/** Answers requests to unknown addresses. */
@Catch(NotFoundException)
export class NotFoundFilter implements ExceptionFilter {
  readonly #pages: Pages

  constructor(@Inject(pagesToken) pages: Pages) {
    this.#pages = pages
  }

  catch(_exception: NotFoundException, host: ArgumentsHost): void {
    sendPage(host.switchToHttp().getResponse<Reply>(), this.#pages.notFound())
  }
}
