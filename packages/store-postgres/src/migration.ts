import { invalidOption, type OptionRule, rule } from '@latchkey/core/provider'

/** The table where none is named. */
export const defaultTable = 'latchkey'

/** The table's name is part of each statement, so it is nothing but a name. */
export const tableName: OptionRule = rule(
  'must be a name of at most 63 small letters, digits and underscores that does not begin with a digit',
  (value) => typeof value === 'string' && /^[a-z_][a-z0-9_]{0,62}$/.test(value),
)

/**
 * The one statement that makes the table, for your migration tool. It does nothing if the table is there.
 *
 * The table is logged: what an unlogged table forgets at a crash is a revoked user who is let in again.
 *
 * @param table As in the options of `createPostgresStore`. Default `latchkey`.
 * @throws `core/invalid_option`
 */
export function postgresMigration(table: string = defaultTable): string {
  if (!tableName.holds(table)) throw invalidOption('postgresMigration', 'table', tableName.must)
  // The index has no name of its own, for which the table's may leave no room.
  return `DO $$ BEGIN
  IF to_regclass('"${table}"') IS NULL THEN
    CREATE TABLE "${table}" (
      key text COLLATE "C" PRIMARY KEY,
      value text COLLATE "C" NOT NULL,
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX ON "${table}" (expires_at);
  END IF;
END $$`
}
