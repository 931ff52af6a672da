import { DatabaseSync } from 'node:sqlite'
import type { Awaitable, UserKey } from '@latchkey/core'

/** The app's own record of which Wink user is which Wristband user. */
export interface JoinRecord {
  /** The Wink subject of a Wristband user, if one is known. */
  winkOf(user: UserKey): Awaitable<string | null>
  /** Remembers a pair; false if either of the two belongs to someone else already. */
  join(user: UserKey, winkSubject: string): Awaitable<boolean>
  close(): Awaitable<void>
}

/** Keeps the record in a file that all of the demo's servers share. */
export function openJoinRecord(file: string): JoinRecord {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA busy_timeout = 2000;
    CREATE TABLE IF NOT EXISTS joined (user TEXT PRIMARY KEY, wink TEXT NOT NULL UNIQUE) STRICT;
  `)
  const find = database.prepare('SELECT wink FROM joined WHERE user = ?')
  const add = database.prepare('INSERT INTO joined (user, wink) VALUES (?, ?) ON CONFLICT DO NOTHING')

  const winkOf = (user: UserKey): string | null =>
    (find.get(keyOf(user)) as { wink: string } | undefined)?.wink ?? null
  return {
    winkOf,
    join(user, winkSubject) {
      add.run(keyOf(user), winkSubject)
      return winkOf(user) === winkSubject
    },
    close: () => database.close(),
  }
}

/** A user as one string. */
export function keyOf({ provider, issuer, tenant, subject }: UserKey): string {
  return JSON.stringify([provider, issuer, tenant ?? null, subject])
}
