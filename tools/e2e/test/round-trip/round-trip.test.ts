import { bareMount } from '../../src/mounts/bare-mount.ts'
import {
  expressFourMount,
  expressMount,
  fastifyMount,
  nestExpressMount,
  nestFastifyMount,
} from '../../src/mounts/mounts.ts'
import { describeRoundTrips } from './describe-round-trips.ts'

for (const mount of [bareMount, expressMount, expressFourMount, fastifyMount, nestExpressMount, nestFastifyMount]) {
  describeRoundTrips(mount, { rewritesQueries: false })
}
