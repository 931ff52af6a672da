import { describe, expect, it } from 'vitest'
import { signInWell } from './journeys.ts'
import type { Module } from './module.ts'
import { plans } from './modules/plans.ts'
import { naiveParty } from './naive-client.ts'
import { pageWith } from './page.ts'
import { latchkeyParty } from './party/latchkey-party.ts'
import { coreMount } from './party/mounts.ts'
import { runModule } from './run-module.ts'

const module = (id: string): Module => {
  const found = plans.flatMap(({ modules }) => modules).find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`there is no module ${id}`)
  return found
}

describe('a module', () => {
  it.each(['B1', 'C1', 'K1', 'F2-12', 'F2-20', 'L1'])(
    'lets a client pass that does what %s wants, naive or not',
    async (id) => {
      expect(await runModule(module(id), naiveParty)).toBeNull()
      expect(await runModule(module(id), latchkeyParty(coreMount))).toBeNull()
    },
  )

  it.each(['B2', 'B10', 'B11', 'C3', 'C5', 'K2', 'K4', 'K8', 'L2', 'R3', 'F2-7', 'F2-15', 'F2-16', 'F2-17'])(
    'finds the naive client out: %s',
    async (id) => {
      const verdict = await runModule(module(id), naiveParty)
      expect(verdict).toEqual(expect.any(String))
      // By what it believed: not because it broke.
      expect(verdict).not.toMatch(/unexpected path|socket|fetch failed/)
    },
  )

  it('fails for a rule that is broken on the way, though the journey went well', async () => {
    const run: Module['run'] = async (world) => {
      await signInWell(world)
      await fetch(`${world.provider.issuer}/.well-known/openid-configuration`)
    }
    expect(await runModule({ ...module('B1'), run }, latchkeyParty(coreMount))).toMatch(/unexpected path/)
  })
})

it('has every module once', () => {
  const ids = plans.flatMap(({ modules }) => modules.map(({ id }) => id))
  expect(ids).toHaveLength(73)
  expect(new Set(ids).size).toBe(73)
})

it('puts a table between the marks of the page, and nowhere else', () => {
  const page = 'before\n<!-- table: begin -->\nold\n<!-- table: end -->\nafter'
  const once = pageWith(page, '| new |')
  expect(once).toBe('before\n<!-- table: begin -->\n\n| new |\n\n<!-- table: end -->\nafter')
  expect(pageWith(once, '| new |')).toBe(once)
  expect(() => pageWith('no marks', '')).toThrow()
})
