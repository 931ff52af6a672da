import { DatabaseSync } from 'node:sqlite'
import type { Awaitable, UserKey } from '@latchkey/core'

/** The app's own record of which Wink user is which Wristband user. */
export interface LinkRecord {
  /** The Wink subject of a Wristband user, if one is known. */
  winkOf(user: UserKey): Awaitable<string | null>
  /** Remembers a pair; false if either of the two is linked to another user already. */
  link(user: UserKey, winkSubject: string): Awaitable<boolean>
  close(): Awaitable<void>
}

/** Keeps the record in a file that all of the demo's servers share. */
export function openLinkRecord(file: string): LinkRecord {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA busy_timeout = 2000;
    CREATE TABLE IF NOT EXISTS links (user TEXT PRIMARY KEY, wink TEXT NOT NULL UNIQUE) STRICT;
  `)
  const find = database.prepare('SELECT wink FROM links WHERE user = ?')
  const add = database.prepare('INSERT INTO links (user, wink) VALUES (?, ?) ON CONFLICT DO NOTHING')

  const winkOf = (user: UserKey): string | null => {
    const wink = find.get(rowKey(user))?.wink
    return typeof wink === 'string' ? wink : null
  }
  return {
    winkOf,
    link(user, winkSubject) {
      add.run(rowKey(user), winkSubject)
      return winkOf(user) === winkSubject
    },
    close: () => database.close(),
  }
}

/** A user as one string. */
export function rowKey({ provider, issuer, tenant, subject }: UserKey): string {
  return JSON.stringify([provider, issuer, tenant ?? null, subject])
}
