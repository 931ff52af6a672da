import { describe, expect, it } from 'vitest'
import { failureReason } from './failure-reason.ts'

class ClientOfflineError extends Error {}

describe('the reason of a failure', () => {
  it.each([
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), 'OOM'],
    [new Error("READONLY You can't write against a read only replica."), 'READONLY'],
    [new Error('ERR invalid expire time canary'), 'ERR'],
    [Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new ClientOfflineError('The client is offline'), 'ClientOfflineError'],
    [Object.assign(new TypeError('canary'), { code: 'canary' }), 'TypeError'],
    [new Error('CANARY'), 'Error'],
    ['canary', 'unknown'],
  ])('is one word: %s', (error, reason) => {
    expect(failureReason(error)).toBe(reason)
  })
})
