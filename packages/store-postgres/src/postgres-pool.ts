/**
 * The one method that the store needs. A `Pool` of the package `pg` has it.
 *
 * @see https://node-postgres.com/apis/pool
 */
export interface PostgresPool {
  /** Runs one statement with its values. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>
}
