import { describe, expect, it } from 'vitest'
import { failureReason } from './failure-reason.ts'

class PoolError extends Error {}

function withCode(code: string): Error {
  return Object.assign(new Error('canary'), { code })
}

describe('the reason of a failure', () => {
  it.each([
    [withCode('53300'), '53300'],
    [withCode('57P01'), '57P01'],
    [withCode('25006'), 'read_only'],
    [withCode('22012'), 'timeout'],
    [withCode('ECONNREFUSED'), 'ECONNREFUSED'],
    [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new Error('timeout exceeded when trying to connect'), 'pool_timeout'],
    [new Error('Query read timeout'), 'timeout'],
    [new Error('Connection terminated due to connection timeout'), 'timeout'],
    [new Error('Connection terminated unexpectedly'), 'terminated'],
    [new Error('Client has encountered a connection error and is not queryable'), 'terminated'],
    [new Error('Cannot use a pool after calling end on the pool'), 'pool_ended'],
    [new PoolError('canary'), 'PoolError'],
    [withCode('canary'), 'Error'],
    ['canary', 'unknown'],
  ])('is one word: %s', (error, reason) => {
    expect(failureReason(error)).toBe(reason)
  })
})
