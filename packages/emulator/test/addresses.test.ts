import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { localhostCertificate } from '../../core/test/localhost-certificate.ts'
import { type Emulator, startEmulator } from '../src/index.ts'

let emulator: Emulator
afterEach(() => emulator.close())

/** A request to a port of this machine, with any Host. */
function ask(port: number, path: string, { host, isTls }: { host: string; isTls: boolean }): Promise<IncomingMessage> {
  const options: RequestOptions = { host: '127.0.0.1', port, path, headers: { host } }
  return new Promise((resolve, reject) => {
    const sent = isTls ? tlsRequest({ ...options, rejectUnauthorized: false }, resolve) : plainRequest(options, resolve)
    sent.on('error', reject).end()
  })
}

const discoveryPath = '/.well-known/openid-configuration'

describe('with a certificate', () => {
  it('every address is https', async () => {
    emulator = await startEmulator({ tls: localhostCertificate })
    const { wristband, wink, wise } = emulator
    for (const address of [wristband.url, wristband.issuer, wink.apiUrl, wink.issuer, wise.whiteLabelUrl]) {
      expect(new URL(address).protocol).toBe('https:')
    }
    const host = `acme.${wristband.applicationDomain}`
    const answer = await ask(Number(new URL(wristband.url).port), discoveryPath, { host, isTls: true })
    expect(JSON.parse(await text(answer))).toMatchObject({
      issuer: wristband.url,
      authorization_endpoint: `https://${host}/api/v1/oauth2/authorize`,
      jwks_uri: `${wristband.url}/api/v1/oauth2/jwks`,
    })
  })
})

describe('with a public URL', () => {
  const port = async (): Promise<number> => {
    const probe = await startEmulator({ wink: false, wise: false })
    await probe.close()
    return Number(new URL(probe.wristband.url).port)
  }

  it('every address is of that, and it answers to that name and those below it', async () => {
    const at = await port()
    emulator = await startEmulator({
      wristband: { port: at, publicUrl: 'https://wristband.example' },
      wink: { publicUrl: 'https://wink.example:8443' },
    })
    const { wristband, wink } = emulator
    expect([wristband.url, wristband.applicationDomain, wristband.vanityDomain]).toEqual([
      'https://wristband.example',
      'wristband.example',
      'app-example.wristband.example',
    ])
    expect(wink.issuer).toBe('https://wink.example:8443/realms/wink')
    const answer = await ask(at, discoveryPath, { host: 'acme.wristband.example', isTls: false })
    expect(JSON.parse(await text(answer))).toMatchObject({
      issuer: 'https://wristband.example',
      authorization_endpoint: 'https://acme.wristband.example/api/v1/oauth2/authorize',
    })
    wristband.application.customDomainActive = false
    const vanity = await ask(at, discoveryPath, { host: 'acme-app-example.wristband.example', isTls: false })
    expect(JSON.parse(await text(vanity))).toMatchObject({ issuer: 'https://app-example.wristband.example' })
  })

  it('it answers to no other name', async () => {
    const at = await port()
    emulator = await startEmulator({ wristband: { port: at, publicUrl: 'https://wristband.example' } })
    for (const host of [
      'evil.example',
      'evilwristband.example',
      'wristband.example.evil.example',
      'wristband.example:1',
    ]) {
      expect((await ask(at, discoveryPath, { host, isTls: false })).statusCode).toBe(421)
    }
  })

  it.each(['wristband.example', 'ftp://wristband.example', 'https://wristband.example/path', 'https://a:b@c.example'])(
    'it is an origin, unlike %s',
    async (publicUrl) => {
      emulator = await startEmulator()
      await expect(startEmulator({ wise: { publicUrl } })).rejects.toThrow('publicUrl must be an origin')
    },
  )
})
