import type { EmulatedName } from '../../src/backstage/step.ts'

/** The three systems and the app between them; what has happened in this session is highlighted. */
export function Diagram({ done }: { readonly done: ReadonlySet<EmulatedName> }) {
  return (
    <figure className="diagram">
      <Drawing kind="wide" box="0 0 960 372" done={done} places={wide} />
      <Drawing kind="tall" box="0 0 350 536" done={done} places={tall} />
      <figcaption>
        Wristband and Wink tell the app who you are. The app tells Wise. Your browser holds one sealed session. Only in
        Wink’s browser flow does a page have tokens, for a moment.
      </figcaption>
    </figure>
  )
}

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Arrow {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  readonly label: readonly [number, number]
}

interface Places {
  readonly you: Place
  readonly app: Place
  readonly systems: Readonly<Record<EmulatedName, Place>>
  readonly session: Arrow
  readonly arrows: Readonly<Record<EmulatedName, Arrow>>
  /** Where the text of an arrow starts from. */
  readonly anchor: 'start' | 'middle'
}

const wide: Places = {
  anchor: 'middle',
  you: { x: 12, y: 126, width: 168, height: 120 },
  app: { x: 330, y: 86, width: 220, height: 200 },
  systems: {
    wristband: { x: 748, y: 12, width: 200, height: 96 },
    wink: { x: 748, y: 138, width: 200, height: 96 },
    wise: { x: 748, y: 264, width: 200, height: 96 },
  },
  session: { from: [180, 186], to: [330, 186], label: [255, 160] },
  arrows: {
    wristband: { from: [748, 60], to: [550, 128], label: [628, 56] },
    wink: { from: [748, 186], to: [550, 186], label: [649, 168] },
    wise: { from: [550, 244], to: [748, 312], label: [628, 318] },
  },
}

const tall: Places = {
  anchor: 'start',
  you: { x: 12, y: 12, width: 326, height: 70 },
  app: { x: 12, y: 140, width: 326, height: 118 },
  systems: {
    wristband: { x: 12, y: 316, width: 100, height: 208 },
    wink: { x: 125, y: 316, width: 100, height: 208 },
    wise: { x: 238, y: 316, width: 100, height: 208 },
  },
  session: { from: [60, 82], to: [60, 140], label: [76, 104] },
  arrows: {
    wristband: { from: [62, 316], to: [62, 258], label: [0, 0] },
    wink: { from: [175, 316], to: [175, 258], label: [0, 0] },
    wise: { from: [288, 258], to: [288, 316], label: [0, 0] },
  },
}

const words: Readonly<
  Record<EmulatedName, { readonly name: string; readonly is: readonly string[]; readonly says: readonly string[] }>
> = {
  wristband: {
    name: 'Wristband',
    is: ['login for companies,', 'tenant by tenant'],
    says: ['who you are,', 'in which tenant'],
  },
  wink: { name: 'Wink', is: ['biometric login:', 'face, voice, palm'], says: ['that it is you'] },
  wise: { name: 'Wise', is: ['learning platform,', 'under your name'], says: ['signed URL,', 'two minutes'] },
}

const systems = ['wristband', 'wink', 'wise'] as const

function Drawing({
  kind,
  box,
  done,
  places,
}: {
  readonly kind: 'wide' | 'tall'
  readonly box: string
  readonly done: ReadonlySet<EmulatedName>
  readonly places: Places
}) {
  const { you, app, session, arrows, anchor } = places
  const isWide = kind === 'wide'
  return (
    <svg className={kind} viewBox={box} role="img" aria-label="Your browser, the app, and the three systems">
      <defs>
        <marker
          id={`head-${kind}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
        >
          <path d="M0 0 8 4 0 8z" />
        </marker>
      </defs>
      <g className="node">
        <rect {...you} rx="14" />
        <Lines at={[you.x + you.width / 2, you.y + (isWide ? 54 : 32)]} title="You" lines={['in one browser']} />
      </g>
      <g className="node app">
        <rect {...app} rx="14" />
        <Lines
          at={[app.x + app.width / 2, app.y + (isWide ? 48 : 36)]}
          title="Your app"
          lines={['one session, sealed']}
        />
        {['Next', 'Fastify', 'Nest'].map((name, index) => (
          <g key={name} className="pill">
            <rect
              x={isWide ? app.x + 30 : app.x + 12 + index * 102}
              y={isWide ? app.y + 88 + index * 34 : app.y + 74}
              width={isWide ? 160 : 96}
              height="28"
              rx="14"
            />
            <text
              x={isWide ? app.x + 110 : app.x + 60 + index * 102}
              y={isWide ? app.y + 107 + index * 34 : app.y + 93}
              textAnchor="middle"
            >
              {name}
            </text>
          </g>
        ))}
      </g>
      <g className={done.size > 0 ? 'arrow session done' : 'arrow session'}>
        <Line {...session} kind={kind} both />
        <text x={session.label[0]} y={session.label[1]} textAnchor={anchor}>
          sealed cookie,
        </text>
        <text x={session.label[0]} y={session.label[1] + (isWide ? 48 : 18)} textAnchor={anchor}>
          never a token
        </text>
      </g>
      {systems.map((system) => {
        const place = places.systems[system]
        const { name, is, says } = words[system]
        const arrow = arrows[system]
        return (
          <g key={system} className={`${system}${done.has(system) ? ' done' : ''}`}>
            <g className="arrow">
              <Line {...arrow} kind={kind} />
              {isWide &&
                says.map((line, index) => (
                  <text key={line} x={arrow.label[0]} y={arrow.label[1] + index * 17} textAnchor="middle">
                    {line}
                  </text>
                ))}
            </g>
            <g className="node system">
              <rect {...place} rx="14" />
              <Lines
                at={[place.x + place.width / 2, place.y + (isWide ? 36 : 40)]}
                title={name}
                lines={
                  isWide
                    ? is
                    : [
                        ...is.flatMap((line) => twoWords(line)),
                        '',
                        ...(system === 'wise' ? ['gets a'] : ['says']),
                        ...says,
                      ]
                }
              />
            </g>
          </g>
        )
      })}
    </svg>
  )
}

function Line({ from, to, kind, both = false }: Arrow & { readonly kind: string; readonly both?: boolean }) {
  const head = `url(#head-${kind})`
  return <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} markerEnd={head} {...(both && { markerStart: head })} />
}

function Lines({
  at: [x, y],
  title,
  lines,
}: {
  readonly at: readonly [number, number]
  readonly title: string
  readonly lines: readonly string[]
}) {
  return (
    <>
      <text className="title" x={x} y={y} textAnchor="middle">
        {title}
      </text>
      {lines.map((line, index) => (
        <text key={`${index} ${line}`} x={x} y={y + 22 + index * 18} textAnchor="middle">
          {line}
        </text>
      ))}
    </>
  )
}

/** A column is narrow on a small screen. */
function twoWords(line: string): readonly string[] {
  const words = line.split(' ')
  return words.length < 3 && line.length < 15 ? [line] : [words.slice(0, 1).join(' '), words.slice(1).join(' ')]
}
