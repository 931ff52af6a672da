import { LatchkeyModule } from '@latchkey/adapter-nest'
import { type DynamicModule, Module } from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import type { Demo } from '../demo.ts'
import { createPages } from '../pages/pages.ts'
import { ApiController } from './api.controller.ts'
import { NotFoundFilter } from './not-found.filter.ts'
import { PagesController } from './pages.controller.ts'
import { demoToken, pagesToken } from './tokens.ts'

/** The demo on Nest. */
@Module({})
export class DemoModule {
  static for(demo: Demo): DynamicModule {
    return {
      module: DemoModule,
      imports: [LatchkeyModule.forRoot({ auth: demo.auth })],
      controllers: [ApiController, PagesController],
      providers: [
        { provide: demoToken, useValue: demo },
        { provide: pagesToken, useValue: createPages(demo) },
        { provide: APP_FILTER, useClass: NotFoundFilter },
      ],
    }
  }
}
