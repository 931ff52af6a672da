import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createDemoAuth } from '../src/auth.ts'
import { readEnvironment, type Variables } from '../src/environment.ts'
import { openLinkRecord } from '../src/link-record.ts'

const page = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')

describe('.env.example', () => {
  it('sets nothing as it is', () => {
    expect(parseEnv(page)).toEqual({})
  })

  it('is what the demo starts with when every # before a variable is taken off', async () => {
    const variables: Variables = parseEnv(page.replaceAll(/^#(?=[A-Z_]+=)/gm, ''))
    const asked = new Set<string>()
    const environment = readEnvironment(
      new Proxy(variables, {
        get(target, name) {
          asked.add(String(name))
          return target[String(name)]
        },
      }),
    )
    expect([...asked].filter((name) => !(name in variables))).toEqual([])

    const linkRecord = openLinkRecord(':memory:')
    const options = { framework: 'Fastify', baseUrl: 'http://localhost:3001', linkRecord } as const
    expect(() => createDemoAuth(environment, options)).not.toThrow()
    await linkRecord.close()
  })
})
