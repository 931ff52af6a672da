/**
 * Latchkey's events as OpenTelemetry metrics and spans, and what keeps secrets out of the spans of HTTP instrumentations.
 *
 * @module
 */

export type { IncomingRequest, OutgoingRequest, RedactUrlsOptions, UndiciRequest, UrlRedaction } from './redact-urls.ts'
export { redactUrls } from './redact-urls.ts'
export type { LatchkeyTelemetry, TelemetryOptions } from './telemetry.ts'
export { openTelemetry } from './telemetry.ts'
