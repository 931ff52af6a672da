import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Store } from '@latchkey/core'
import { storeContract } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPrograms } from '../ten-minutes/guide.ts'

type ClosableStore = Store & { close(): void }
type CreateStore = (path: string) => ClosableStore

const page = readFileSync(join(import.meta.dirname, '../../../../docs/guides/write-a-store.md'), 'utf8')

/** Whether this Node has SQLite without a flag. */
const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined
if (!hasSqlite)
  console.warn(`Skipped: the store of the guide. Node ${process.version} has no node:sqlite without a flag.`)

describe.runIf(hasSqlite)('the store of the guide', () => {
  let folder: string
  let create: CreateStore
  const opened: ClosableStore[] = []
  const open = (): ClosableStore => {
    const store = create(join(folder, 'test.db'))
    opened.push(store)
    return store
  }

  beforeAll(async () => {
    // Inside of this package, whose dependencies are those of the examples.
    folder = mkdtempSync(join(import.meta.dirname, '../../examples-'))
    const path = join(folder, 'sqlite-store.ts')
    writeFileSync(path, readPrograms(page).find((program) => program.startsWith('// src/sqlite-store.ts')) ?? '')
    const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { createSqliteStore: CreateStore }
    create = module.createSqliteStore
  })
  afterAll(() => {
    for (const store of opened) store.close()
    rmSync(folder, { recursive: true })
  })

  storeContract({ describe, it, create: open })

  it('has one winner among connections, also where something has expired', async () => {
    const stores = Array.from({ length: 10 }, open)
    const [first] = stores
    await first?.set('expired', 'old', 0)
    for (const key of ['absent', 'expired']) {
      const added = await Promise.all(stores.map((store, runner) => store.add(key, `${runner}`, 600)))
      expect(added.filter(Boolean)).toHaveLength(1)
    }
  })

  it('sweeps what has expired', async () => {
    const store = open()
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const database = new DatabaseSync(join(folder, 'test.db'))
    const expired = () =>
      database.prepare(`SELECT count(*) AS count FROM latchkey WHERE expires <= unixepoch('subsec')`).get()
    for (let index = 0; index < 20; index++) await store.set(`old ${index}`, '1', 0)
    for (let index = 0; index < 10; index++) await store.set('new', '1', 600)
    expect(expired()).toEqual({ count: 0 })
    database.close()
  })
})
