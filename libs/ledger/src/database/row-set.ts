import { sql, type RawBuilder } from 'kysely';
import { jsonText } from './database';

/** By column, its PostgreSQL type and what a row has there; undefined becomes null. */
export type Columns<Row> = Readonly<Record<string, readonly [type: string, of: (row: Row) => unknown]>>;

export interface RowSet {
  /** `a, b, c` */
  names: RawBuilder<unknown>;
  /** `json_to_recordset($1) as r (a text, …)`, in the order of the rows. */
  rows: RawBuilder<unknown>;
}

/**
 * Rows for one statement, as one parameter. A parameter for each value would make the statement as long as it has rows, and
 * PostgreSQL would read and plan all of that anew each time; and the driver escapes arrays letter by letter, which takes
 * seconds for the sources that a start event may carry.
 */
export function rowSet<Row>(rows: readonly Row[], columns: Columns<Row>): RowSet {
  const entries = Object.entries(columns);
  const text = jsonText(
    rows.map((row) => Object.fromEntries(entries.map(([name, [, of]]) => [name, of(row)]))),
  );
  const typed = sql.join(entries.map(([name, [type]]) => sql`${sql.ref(name)} ${sql.raw(type)}`));
  return {
    names: sql.join(entries.map(([name]) => sql.ref(name))),
    rows: sql`json_to_recordset(${text}::json) as r (${typed})`,
  };
}

/**
 * Keys to look rows up by, as a set `r`: one array per column, whose length PostgreSQL knows when it plans. Of JSON it expects
 * a hundred rows, and may read a whole table for one of them.
 */
export function keySet<Row>(rows: readonly Row[], columns: Columns<Row>): RawBuilder<unknown> {
  const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)));
  const arrays = Object.values(columns).map(
    ([type, of]) => sql`${sql.val(rows.map((row) => of(row) ?? null))}::${sql.raw(type)}[]`,
  );
  return sql`unnest(${sql.join(arrays)}) as r (${names})`;
}
