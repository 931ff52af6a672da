/** The server's clock, in milliseconds since the epoch. `now()` would be the start of a transaction. */
const clock = '(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS clock'

/** The texts of all statements. Keys, values, lifetimes and limits are parameters; the table's name was checked. */
export interface Statements {
  readonly clock: string
  /** Keys. Gives a row for each, in their order. */
  readonly read: string
  /** Key, value, lifetime, limit. */
  readonly set: string
  /** Key, value, lifetime, limit. */
  readonly add: string
  /** Key, expected, value, lifetime, limit. */
  readonly replace: string
  /** Key, expected or null, limit. */
  readonly remove: string
  /** How many at most. */
  readonly sweep: string
  readonly health: string
}

/** A row of a reading. */
export interface ReadRow {
  readonly value: string | null
  readonly standby: boolean
  readonly clock: number
}

/** The row that every writing gives. */
export interface WrittenRow {
  readonly written: boolean
  /** Whether it was not done, and may be because it came after its limit. */
  readonly late: boolean
  readonly clock: number
}

/**
 * Writes the statements for a table.
 *
 * Whatever writes has a limit, a time of the server's clock after which nobody waits for it: it does nothing after that,
 * and what has begun undoes itself by an error. So a command that lay in a pool, in a network or behind a lock is not
 * applied later. It waits for a lock for `timeoutMilliseconds` at most.
 */
export function statementsFor(name: string, timeoutMilliseconds: number): Statements {
  const table = `"${name}"`
  const expiry = (place: number): string => `clock_timestamp() + make_interval(secs => $${place}::float8)`
  // `set_config` holds to the end of the statement, and comes before the row is locked.
  const inTime = (limit: number): string =>
    `set_config('lock_timeout', '${timeoutMilliseconds}', true) <> '' AND clock_timestamp() < to_timestamp($${limit}::float8 / 1000)`
  const writing = (change: string, limit: number): string => `WITH change AS (${change} RETURNING 1)
SELECT written, NOT written AND NOT in_time AS late, ${clock}
FROM (
  SELECT written, clock_timestamp() < to_timestamp($${limit}::float8 / 1000) AS in_time
  FROM (SELECT EXISTS (SELECT FROM change) AS written OFFSET 0) AS outcome OFFSET 0
) AS timed
WHERE NOT written OR 1 / in_time::int = 1`

  return {
    clock: `SELECT ${clock}`,
    read: `SELECT kept.value, pg_is_in_recovery() AS standby, ${clock}
FROM unnest($1::text[]) WITH ORDINALITY AS wanted (key, place)
LEFT JOIN ${table} AS kept ON kept.key = wanted.key AND kept.expires_at > clock_timestamp()
ORDER BY wanted.place`,
    set: writing(
      `INSERT INTO ${table} (key, value, expires_at)
SELECT $1::text, $2::text, ${expiry(3)} WHERE ${inTime(4)}
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = ${expiry(3)}`,
      4,
    ),
    // A key that is there is found without a lock. Should it be added meanwhile, the conflict finds it.
    add: writing(
      `INSERT INTO ${table} AS kept (key, value, expires_at)
SELECT $1::text, $2::text, ${expiry(3)} WHERE ${inTime(4)}
AND NOT EXISTS (SELECT FROM ${table} WHERE key = $1::text AND expires_at > clock_timestamp())
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = ${expiry(3)}
WHERE kept.expires_at <= clock_timestamp()`,
      4,
    ),
    replace: writing(
      `UPDATE ${table} SET value = $3::text, expires_at = ${expiry(4)}
WHERE key = $1::text AND value = $2::text AND expires_at > clock_timestamp() AND ${inTime(5)}`,
      5,
    ),
    remove: writing(
      `DELETE FROM ${table}
WHERE key = $1::text AND ($2::text IS NULL OR value = $2::text) AND expires_at > clock_timestamp() AND ${inTime(3)}`,
      3,
    ),
    // By `now()`, for which the index serves; it is earlier. Rows that others have locked are left to them.
    sweep: `WITH expired AS MATERIALIZED (
  SELECT key FROM ${table} WHERE expires_at <= now() ORDER BY expires_at LIMIT $1::int FOR UPDATE SKIP LOCKED
)
DELETE FROM ${table} AS kept USING expired WHERE kept.key = expired.key`,
    health: `SELECT
  current_setting('transaction_read_only') = 'off'
    AND has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE')
    AS writable,
  relpersistence = 'p' AND current_setting('synchronous_commit') <> 'off' AND current_setting('fsync') = 'on'
    AS persistent,
  (SELECT count(*) FROM (SELECT FROM ${table} LIMIT 1) AS readable) AS readable
FROM pg_class WHERE oid = '${table}'::regclass`,
  }
}
