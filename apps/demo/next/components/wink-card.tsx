import { winkFlows } from '../../src/content/wink-flows.ts'
import { winkSettings } from '../../src/wink-settings.ts'
import { demo } from '../lib/auth.ts'
import { WinkFlowButtons } from './wink-flow-buttons.tsx'

/** Sign-in or step-up with Wink, in the flow that the user chooses. */
export function WinkCard({
  verb,
  returnTo = '/',
}: {
  readonly verb: 'Sign in' | 'Step up'
  readonly returnTo?: string
}) {
  const { server, browser } = winkFlows
  return (
    <section className="card wink">
      <h2>Wink</h2>
      <p>Signs you in by your face, voice or palm. Choose a flow: both end in the same session.</p>
      <div className="flows">
        <div className="flow" role="group" aria-labelledby="wink-server">
          <h3 id="wink-server">{server.title}</h3>
          <p>{server.does}</p>
          <p>
            <strong>Where are the tokens?</strong> {server.tokens}
          </p>
          <p className="choices">
            <a className="button" href={`/auth/wink/login?${new URLSearchParams({ return_url: returnTo })}`}>
              {verb} with Wink
            </a>
          </p>
        </div>
        <div className="flow" role="group" aria-labelledby="wink-browser">
          <h3 id="wink-browser">{browser.title}</h3>
          <p>{browser.does}</p>
          <p>
            <strong>Where are the tokens?</strong> {browser.tokens}
          </p>
          <WinkFlowButtons settings={winkSettings(demo().environment)} verb={verb} returnTo={returnTo} />
        </div>
      </div>
    </section>
  )
}
