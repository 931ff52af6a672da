import { bareMount } from '../../src/mounts/bare-mount.ts'
import { fastifyMount, nestExpressMount, nestFastifyMount } from '../../src/mounts/mounts.ts'
import { describeRoundTrips } from './describe-round-trips.ts'

for (const mount of [bareMount, fastifyMount, nestExpressMount, nestFastifyMount]) {
  describeRoundTrips(mount, { rewritesQueries: false })
}
