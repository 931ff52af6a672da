import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createWristbandClient } from '../client/wristband-client.ts'

const secret = 'an-example-secret-of-this-test-only'
const options = { clientId: 'example-client', clientSecret: secret, applicationDomain: 'invo.us.wristband.dev' }

function refusalOf(wrong: object): { code: string; hint: string; cause: { option: string } } {
  try {
    createWristbandClient({ ...options, ...wrong })
  } catch (error) {
    return error as ReturnType<typeof refusalOf>
  }
  throw new Error('was accepted')
}

describe('createWristbandClient', () => {
  it('takes what it needs, and shows no secret', () => {
    expect(inspect(createWristbandClient(options), { depth: null, showHidden: true })).not.toContain(secret)
  })

  it.each([
    ['clientId', ''],
    ['clientId', undefined],
    ['clientSecret', '  '],
    ['applicationDomain', 'https://invo.us.wristband.dev'],
    ['applicationDomain', '127.0.0.1:4001'],
    ['isApplicationCustomDomainActive', 'yes'],
    ['customDomain', true],
    ['issuers', []],
    ['issuers', 'https://invo.us.wristband.dev'],
    ['issuers', ['invo.us.wristband.dev']],
    ['issuers', ['http://invo.us.wristband.dev']],
    ['accountIssuer', 'http://invo.us.wristband.dev'],
    ['scopes', ['email']],
    ['scopes', ['openid email']],
    ['scopes', []],
    ['resolveTenantId', { acme: 'id' }],
    ['fetch', null],
    ['clock', 7],
    ['tenantid', () => null],
    ['clientSecret', []],
    ['clientSecret', ['a', '']],
    ['autoConfigure', 1],
    ['applicationAuthorization', 'yes'],
    ['loginPageUrl', 'http://invo.example/login'],
    ['allowedClientIds', []],
    ['allowedClientIds', [7]],
    ['store', {}],
    ['clockToleranceSeconds', 301],
    ['vault', {}],
  ])('refuses a wrong %s and names it', (option, value) => {
    const { code, hint, cause } = refusalOf({ [option]: value })
    expect(code).toBe('core/invalid_option')
    expect(cause).toEqual({ factory: 'createWristbandClient', option })
    expect(hint).toContain(option)
  })

  it('never repeats the value of an option', () => {
    expect(inspect(refusalOf({ applicationDomain: 'secret value/' }), { depth: null })).not.toContain('secret value')
  })
})
