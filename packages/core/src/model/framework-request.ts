/**
 * The request types of the frameworks that are mounted. Adapters fill it by declaration merging:
 * `declare module '@latchkey/core' { interface FrameworkRequests { fastify: FastifyRequest } }`.
 */
export interface FrameworkRequests {}

/**
 * The framework's own request, as the adapter passed it to `auth.handle`; undefined where `handle` was called without
 * one.
 */
export type FrameworkRequest = [keyof FrameworkRequests] extends [never]
  ? unknown
  : FrameworkRequests[keyof FrameworkRequests]
