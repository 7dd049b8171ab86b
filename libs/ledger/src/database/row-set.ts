import { sql, type RawBuilder } from 'kysely';

/** By column, its PostgreSQL type and what a row has there; undefined becomes null. */
export type Columns<Row> = Readonly<Record<string, readonly [type: string, of: (row: Row) => unknown]>>;

export interface RowSet {
  /** `a, b, c` */
  names: RawBuilder<unknown>;
  /** `unnest($1::text[], …) as r (a, b, c)`, in the order of the rows. */
  rows: RawBuilder<unknown>;
}

/**
 * Rows to be written by one statement. One array per column: a parameter for each value would make the statement as long as
 * it has rows, and PostgreSQL would read and plan all of that anew each time.
 */
export function rowSet<Row>(rows: readonly Row[], columns: Columns<Row>): RowSet {
  const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)));
  const arrays = Object.values(columns).map(
    ([type, of]) => sql`${sql.val(rows.map((row) => of(row) ?? null))}::${sql.raw(type)}[]`,
  );
  return { names, rows: sql`unnest(${sql.join(arrays)}) as r (${names})` };
}
