import assert from 'node:assert/strict'
import { signInWell } from '../journeys.ts'
import type { Plan } from '../module.ts'

export const config: Plan = {
  name: 'Config RP',
  prefix: 'oidcc-client-test',
  modules: [
    {
      id: 'C4',
      name: '-signing-key-rotation-just-before-signing',
      misbehaviour: 'keys replaced right before signing',
      required: 'fetches the keys once more, signs in',
      knobs: { rotatesBeforeSigning: true },
      async run(world) {
        await signInWell(world)
        await signInWell(world)
        assert.equal(world.provider.journal.count('jwks'), 2, 'the number of JWKS fetches')
      },
    },
    {
      id: 'C5',
      name: '-signing-key-rotation',
      misbehaviour: 'keys replaced between two logins of one second',
      required: 'the second login is accepted',
      knobs: {},
      async run(world) {
        await signInWell(world)
        world.provider.rotateKeys()
        await signInWell(world)
        assert.equal(world.provider.journal.count('jwks'), 2, 'the number of JWKS fetches')
      },
    },
  ],
}
