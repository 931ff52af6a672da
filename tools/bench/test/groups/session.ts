import { randomBytes } from 'node:crypto'
import { decode, encode } from '@auth/core/jwt'
import secureSession from '@fastify/secure-session'
import { deriveSealKey, open, seal } from '@latchkey/core/crypto'
import fastify from 'fastify'
import { getIronSession, sealData, unsealData } from 'iron-session'
import { EncryptJWT, jwtDecrypt } from 'jose'
import type { Candidate, Operation } from '../../src/harness/measure.ts'
import { createSealFloor } from '../floors/session.ts'
import { payload, reference } from './reference.ts'
import { createReferenceAuth, referenceCookie } from './reference-app.ts'

/** A way to seal and to open a session, without a request. */
interface Sealing {
  seal(): unknown
  open(sealed: string): unknown
}

const secret = reference.secret
const keyBytes = randomBytes(32)
const key = await deriveSealKey(secret, 'bench')
const floor = createSealFloor(keyBytes)

const sealings: readonly (Pick<Candidate, 'name' | 'kind'> & { prepare(): Sealing | Promise<Sealing> })[] = [
  { name: 'floor', kind: 'floor', prepare: () => ({ seal: () => floor.seal(payload), open: floor.open }) },
  {
    name: 'latchkey',
    kind: 'ours',
    prepare: () => ({
      seal: () => seal(key, JSON.stringify(payload)),
      open: (sealed) => JSON.parse((open([key], sealed) as { text: string }).text) as unknown,
    }),
  },
  {
    name: '@fastify/secure-session',
    kind: 'peer',
    async prepare() {
      const app = fastify()
      await app.register(secureSession, { key: keyBytes, cookieName: 's' })
      await app.ready()
      return {
        seal: () => app.encodeSecureSession(app.createSecureSession({ ...payload })),
        // It marks when the session began.
        open: (sealed) => ({ ...app.decodeSecureSession(sealed)?.data(), __ts: undefined }),
      }
    },
  },
  {
    name: 'jose',
    kind: 'peer',
    async prepare() {
      const joseKey = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
      const header = { alg: 'dir', enc: 'A256GCM' }
      return {
        seal: () => new EncryptJWT(payload).setProtectedHeader(header).encrypt(joseKey),
        open: async (sealed) => (await jwtDecrypt(sealed, joseKey)).payload,
      }
    },
  },
  {
    name: '@auth/core',
    kind: 'peer',
    prepare: () => ({
      seal: () => encode({ token: payload, secret, salt: 's' }),
      async open(token) {
        const { iat: _iat, exp: _exp, jti: _jti, ...found } = (await decode({ token, secret, salt: 's' })) ?? {}
        return found
      },
    }),
  },
  {
    name: 'iron-session',
    kind: 'official',
    prepare: () => ({
      seal: () => sealData(payload, { password: secret }),
      open: (sealed) => unsealData(sealed, { password: secret }),
    }),
  },
]

const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const auth = createReferenceAuth()
const cookie = await referenceCookie(auth)
const headers = new Headers({ cookie: `theme=dark; ${cookie}`, host: 'app.example' })
const request = { method: 'GET', url: '/', headers }

/** What an app calls on each request. */
const reading: Operation = {
  operation: 'session from the Cookie header',
  goal: '≤ 1.75 × the floor, ≥ 20 × faster than iron-session',
  expected: payload.claims.email,
  candidates: [
    {
      name: 'floor',
      kind: 'floor',
      prepare() {
        const header = `theme=dark; s=${floor.seal({ ...payload, exp: Date.now() + 3_600_000 })}`
        const run = (): unknown => floor.read(header)
        return { run, read: ({ claims }: typeof payload) => claims.email }
      },
    },
    ours('latchkey getSession', () => auth.getSession(request)),
    ours('latchkey requireSession', () => auth.requireSession(request)),
    {
      name: 'iron-session',
      kind: 'official',
      async prepare() {
        const options = { password: secret, cookieName: 's' }
        const incoming = { headers: { cookie: `theme=dark; s=${await sealData(payload, options)}` } }
        const run = (): unknown => getIronSession(incoming as never, {} as never, options)
        return { run, read: ({ claims }: typeof payload) => claims.email }
      },
    },
  ],
}

function ours(name: string, run: () => unknown): Candidate {
  type Result = Awaited<ReturnType<typeof auth.getSession>>
  const read = ({ session }: Result): unknown => session?.identities.wristband?.profile['email']
  return { name, kind: 'ours', prepare: () => ({ run, read }) }
}

/** Sealing, opening, and the session of a request. */
export const operations: readonly Operation[] = [
  {
    operation: 'unseal alone',
    goal: '≤ 1.5 × the floor',
    expected: payload,
    candidates: sealings.map(({ name, kind, prepare }) => ({
      name,
      kind,
      async prepare() {
        const sealing = await prepare()
        const sealed = (await sealing.seal()) as string
        return { run: () => sealing.open(sealed), read: withoutUndefined }
      },
    })),
  },
  {
    operation: 'seal',
    goal: '≤ 1.5 × the floor',
    expected: payload,
    candidates: sealings.map(({ name, kind, prepare }) => ({
      name,
      kind,
      async prepare() {
        const sealing = await prepare()
        return { run: sealing.seal, read: async (sealed: string) => withoutUndefined(await sealing.open(sealed)) }
      },
    })),
  },
  reading,
]
