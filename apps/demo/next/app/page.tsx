import type { EmulatedName, Step } from '../../src/backstage/step.ts'
import { storageLimits } from '../../src/content/session-storage.ts'
import { winkSettings } from '../../src/wink-settings.ts'
import { ActionCards, MachinesCard, OpenIdCard, WristbandCard } from '../components/actions.tsx'
import { Diagram } from '../components/diagram.tsx'
import { IdentityCard } from '../components/identity-card.tsx'
import { SessionCard } from '../components/session-card.tsx'
import { Timeline } from '../components/timeline.tsx'
import { Troubles } from '../components/troubles.tsx'
import { WinkCard } from '../components/wink-card.tsx'
import { WinkTokensCard } from '../components/wink-tokens-card.tsx'
import { demo, getSession } from '../lib/auth.ts'
import { stepsOfThisBrowser } from '../lib/steps.ts'

export default async function FrontDoor() {
  const session = await getSession()
  const steps = await stepsOfThisBrowser()
  const { wristband, wink, oidc } = session?.identities ?? {}
  return (
    <>
      {session === null ? (
        <>
          <h1>Three identity systems, one session</h1>
          <p className="lead">Sign in with Wristband, step up with Wink, and open your class in Wise.</p>
          <Diagram done={new Set()} />
          <div className="cards">
            <WristbandCard />
            <WinkCard verb="Sign in" />
            <OpenIdCard />
            <MachinesCard />
          </div>
        </>
      ) : (
        <>
          <h1>Hello, {session.user.profile.name ?? 'you'}</h1>
          <div className="cards">
            {wristband && <IdentityCard name="Wristband" identity={wristband} />}
            {wink && <IdentityCard name="Wink" identity={wink} />}
            {oidc && <IdentityCard name="the OpenID provider" identity={oidc} />}
            {wink ? (
              <WinkTokensCard settings={winkSettings(demo().environment)} />
            ) : (
              <WinkCard verb={wristband ? 'Step up' : 'Sign in'} />
            )}
            <SessionCard session={session} />
            <ActionCards />
          </div>
          <p className="note">{storageLimits[demo().sessionStorage]}</p>
          <Diagram done={systemsDone(Object.keys(session.identities), steps)} />
        </>
      )}
      <Timeline steps={steps} />
      <Troubles session={session} />
    </>
  )
}

function systemsDone(providers: readonly string[], steps: readonly Step[]): ReadonlySet<EmulatedName> {
  const hasOpenedWise = steps.some((step) => step.kind === 'page' && step.system === 'wise')
  const known = (['wristband', 'wink'] as const).filter((name) => providers.includes(name))
  return new Set<EmulatedName>([...known, ...(hasOpenedWise ? (['wise'] as const) : [])])
}
