import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { latchkey } from '@latchkey/adapter-fastify'
import {
  type AuthEvent,
  type AuthOptions,
  createAuth,
  createMemoryStore,
  type Store,
  withoutUser,
} from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { type EmulatedWristband, startEmulator } from '@latchkey/emulator'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { type Attributes, context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import fastify from 'fastify'
import { openTelemetry, redactUrls, type TelemetryOptions } from '../src/index.ts'

const origin = 'http://localhost:3001'

export interface InstrumentedAppOptions {
  readonly telemetry?: TelemetryOptions
  readonly auth?: Partial<AuthOptions>
  readonly store?: Store
  /** Whether the HTTP instrumentations have the hooks. Default true. */
  readonly redacts?: boolean
}

/** A point of a metric. */
export interface Point {
  readonly name: string
  readonly attributes: Attributes
  /** Of a counter its sum, of a histogram how many were recorded. */
  readonly count: number
}

/** An app on a real server, at the emulator, with an OpenTelemetry SDK and both HTTP instrumentations. */
export interface InstrumentedApp {
  readonly emulator: EmulatedWristband
  readonly browser: TestBrowser
  readonly events: readonly AuthEvent[]
  readonly logLines: readonly string[]
  /** What was sent to the vendor, and what it answered. */
  readonly vendorTexts: readonly string[]
  /** The spans that have ended since it was last asked. */
  takeSpans(): readonly ReadableSpan[]
  points(): Promise<readonly Point[]>
  /** Everything that the SDK exported, as text. */
  everything(): Promise<string>
  /** Signs Ada of Acme in, over the login page of the emulator. */
  signIn(): Promise<TestAnswer>
  close(): Promise<void>
}

export async function startInstrumentedApp(options: InstrumentedAppOptions = {}): Promise<InstrumentedApp> {
  const sdk = startSdk(options.redacts ?? true)
  const { wristband, close: closeEmulator } = await startEmulator({ wink: false, wise: false })
  sdk.ignore(new URL(wristband.issuer).port)
  const { clientId, clientSecret, applicationDomain, tenants } = wristband
  const telemetry = openTelemetry({ ...sdk.providers, ...options.telemetry })
  const vendorTexts: string[] = []
  const events: AuthEvent[] = []
  const logLines: string[] = []
  const stream = new Writable({
    write: (line: Buffer, _encoding, done) => {
      logLines.push(line.toString())
      done()
    },
  })
  const app = fastify({ logger: { level: 'trace', stream }, forceCloseConnections: true })
  const auth = createAuth({
    baseUrl: origin,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    store: telemetry.measureStore(options.store ?? createMemoryStore()),
    session: { strategy: 'store' },
    providers: [
      wristbandProvider({
        clientId,
        clientSecret,
        applicationDomain,
        resolveTenantId: ({ name }) => (name === tenants.acme.name ? tenants.acme.id : null),
        tenancy: { kind: 'query' },
        fetch: async (input, init) => {
          const response = await fetch(input, init)
          const answered = await response.clone().text()
          vendorTexts.push(typeof init?.body === 'string' ? init.body : '', answered)
          return response
        },
      }),
    ],
    ...options.auth,
    onEvent: [
      telemetry.onEvent,
      (event) => void events.push(event),
      (event) => app.log.warn({ event: withoutUser(event) }, event.type),
    ],
  })
  await app.register(latchkey, { auth })
  app.get('/', async () => 'home')
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const browser = createTestBrowser({ origin, servers: { [origin]: `http://127.0.0.1:${port}` } })

  return {
    emulator: wristband,
    browser,
    events,
    logLines,
    vendorTexts,
    ...sdk.read,
    async signIn() {
      const page = await browser.follow(await browser.open('/auth/wristband/login?tenant_name=acme', { from: '/' }))
      const [, req = ''] = /name="req" value="([^"]+)"/.exec(page.text) ?? []
      const { location } = await browser.submit(new URL('/login', page.url), { req, user: 'ada' })
      return browser.open(location ?? origin, { from: page.url })
    },
    async close() {
      await app.close()
      await closeEmulator()
      await sdk.close()
    },
  }
}

// Node has one `http`, which an instrumentation can wrap once: both are made once, and given hooks and providers anew.
let foreignPort = ''
const instrumentations = {
  http: new HttpInstrumentation(),
  undici: new UndiciInstrumentation(),
}
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
// It is wrapped when it is required.
createRequire(import.meta.url)('node:http')

function startSdk(redacts: boolean) {
  const exporter = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const hooks = redacts ? redactUrls() : undefined
  instrumentations.http.setConfig({
    ...hooks?.http,
    // The emulator stands for another company, and the test browser for another machine.
    ignoreIncomingRequestHook: ({ socket }) => String(socket.localPort) === foreignPort,
    ignoreOutgoingRequestHook: () => true,
  })
  instrumentations.undici.setConfig({ ...hooks?.undici })
  for (const instrumentation of Object.values(instrumentations)) {
    instrumentation.setTracerProvider(tracerProvider)
    instrumentation.setMeterProvider(meterProvider)
  }
  const all: ReadableSpan[] = []
  const takeSpans = (): readonly ReadableSpan[] => {
    const taken = exporter.getFinishedSpans()
    exporter.reset()
    all.push(...taken)
    return taken
  }
  const points = async (): Promise<readonly Point[]> => {
    await meterProvider.forceFlush()
    const metrics = metricExporter.getMetrics().at(-1)
    return (metrics?.scopeMetrics ?? []).flatMap(({ metrics: each }) =>
      each.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({
          name: descriptor.name,
          attributes,
          count: typeof value === 'number' ? value : value.count,
        })),
      ),
    )
  }
  return {
    providers: { tracerProvider, meterProvider },
    ignore: (port: string) => {
      foreignPort = port
    },
    read: {
      takeSpans,
      points,
      async everything() {
        takeSpans()
        const spans = all.map(({ name, attributes, events, links, status }) => ({
          name,
          attributes,
          events,
          links,
          status,
        }))
        return JSON.stringify([spans, await points()])
      },
    },
    async close() {
      await meterProvider.shutdown()
      await tracerProvider.shutdown()
    },
  }
}
