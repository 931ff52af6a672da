import type { IncomingMessage } from 'node:http'
import type { Backstage } from '../backstage/backstage.ts'
import type { Reply } from './send-page.ts'

/** A middleware that follows every request for the timeline. Each answer waits until everything is told. */
export function followRequests(backstage: Backstage) {
  return ({ url = '', headers }: IncomingMessage, response: Reply, next: () => void): void => {
    const followed = backstage.follow({ path: url, cookie: headers.cookie })
    if (followed.setCookie !== null) response.appendHeader('set-cookie', followed.setCookie)
    const end = response.end.bind(response)
    const endLater = (...answer: Parameters<typeof end>): Reply => {
      void followed.flush().then(() => end(...answer))
      return response
    }
    // `end` is overloaded: all its forms are passed on as they are.
    response.end = endLater as typeof end
    void followed.run(next)
  }
}
