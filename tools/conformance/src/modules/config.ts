import assert from 'node:assert/strict'
import { refuseToBegin, signInWell } from '../journeys.ts'
import type { Plan, World } from '../module.ts'

export const config: Plan = {
  name: 'Config RP',
  prefix: 'oidcc-client-test',
  modules: [
    {
      id: 'C1',
      name: '-discovery-openid-config',
      misbehaviour: 'endpoints at paths that its metadata alone names',
      required: 'finds and uses them',
      knobs: { metadata: () => {} },
      run: discover,
    },
    {
      id: 'C2',
      name: '-discovery-jwks-uri-keys',
      misbehaviour: '`jwks_uri` and keys are new in each run',
      required: 'fetches and uses them',
      knobs: [{ metadata: () => {} }, { metadata: () => {}, rotatesBeforeSigning: true }],
      run: discoverKeys,
    },
    {
      id: 'C3',
      name: '-discovery-issuer-mismatch',
      misbehaviour: 'metadata: `issuer` + "1"',
      required: 'begins no sign-in',
      knobs: { metadata: (document) => (document['issuer'] += '1') },
      run: refuseToBegin('oidc/metadata_issuer_mismatch'),
    },
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

async function discover(world: World): Promise<void> {
  await signInWell(world)
  assert.equal(world.provider.journal.count('metadata'), 1, 'the number of metadata fetches')
}

async function discoverKeys(world: World): Promise<void> {
  await discover(world)
  assert.equal(world.provider.journal.count('jwks'), 1, 'the number of JWKS fetches')
}
