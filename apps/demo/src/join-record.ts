import { DatabaseSync } from 'node:sqlite'
import type { Awaitable, PersonKey } from '@latchkey/core'

/** The app's own record of which Wink person is which Wristband person. */
export interface JoinRecord {
  /** The Wink subject of a Wristband person, if one is known. */
  winkOf(person: PersonKey): Awaitable<string | null>
  /** Remembers a pair; false if either of the two belongs to someone else already. */
  join(person: PersonKey, winkSubject: string): Awaitable<boolean>
  close(): Awaitable<void>
}

/** Keeps the record in a file that all of the demo's servers share. */
export function openJoinRecord(file: string): JoinRecord {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA busy_timeout = 2000;
    CREATE TABLE IF NOT EXISTS joined (person TEXT PRIMARY KEY, wink TEXT NOT NULL UNIQUE) STRICT;
  `)
  const find = database.prepare('SELECT wink FROM joined WHERE person = ?')
  const add = database.prepare('INSERT INTO joined (person, wink) VALUES (?, ?) ON CONFLICT DO NOTHING')

  const winkOf = (person: PersonKey): string | null =>
    (find.get(keyOf(person)) as { wink: string } | undefined)?.wink ?? null
  return {
    winkOf,
    join(person, winkSubject) {
      add.run(keyOf(person), winkSubject)
      return winkOf(person) === winkSubject
    },
    close: () => database.close(),
  }
}

/** A person as one string. */
export function keyOf({ provider, issuer, tenant, subject }: PersonKey): string {
  return JSON.stringify([provider, issuer, tenant ?? null, subject])
}
