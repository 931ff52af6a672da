import type { Step } from '../../src/backstage/step.ts'
import { textOf } from '../../src/content/step-text.ts'

/** What happened to this browser, newest first. */
export function Timeline({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <section className="timeline" aria-labelledby="timeline">
      <h2 id="timeline">What happened on the wire</h2>
      {steps.length === 0 ? (
        <p>
          Nothing yet. Sign in, and each step appears here: the requests of your browser, the requests of the app, and
          the app’s events.
        </p>
      ) : (
        <>
          <p>
            The steps of your browser, newest first, from the app’s events and the emulators’ journals. They hold no
            secrets.
          </p>
          <div className="scroll" role="region" aria-labelledby="timeline" tabIndex={0}>
            <ol reversed>
              {steps.toReversed().map((step, index) => {
                const { tone, actor, sentence, wire, details } = textOf(step)
                return (
                  <li key={steps.length - index} className={tone}>
                    <p className="who">
                      <span>{actor}</span> <time>{new Date(step.at).toISOString().slice(11, 19)}</time>
                    </p>
                    <p>{sentence}</p>
                    <p className="wire">
                      <code>{wire}</code>
                    </p>
                    {details.map((detail) => (
                      <p className="detail" key={detail}>
                        {detail}
                      </p>
                    ))}
                  </li>
                )
              })}
            </ol>
          </div>
        </>
      )}
    </section>
  )
}
