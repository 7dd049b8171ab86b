import type pg from 'pg';

/** What was seen outside the ledger, as a temporary table beside the ledger's own. */
export interface EvidenceTable {
  name: string;
  /** PostgreSQL types by column. */
  columns: Readonly<Record<string, 'text' | 'int' | 'bigint' | 'boolean'>>;
  /** One object per row, its members named like the columns; a member that is absent is null. */
  rows: Iterable<object> | AsyncIterable<object>;
}

const BATCH = 5_000;

/** PostgreSQL holds neither NUL nor halves of surrogate pairs, and what comes from outside may contain both. */
function storable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;
}

/** Makes the table and fills it in batches, so that no more than one of them is held twice. */
export async function loadTable(client: pg.Client, { name, columns, rows }: EvidenceTable): Promise<void> {
  const list = Object.entries(columns)
    .map(([column, type]) => `${column} ${type}`)
    .join(', ');
  await client.query(`create temporary table ${name} (${list})`);
  const insert = async (batch: object[]): Promise<void> => {
    const text = JSON.stringify(batch, storable);
    await client.query(`insert into ${name} select * from json_to_recordset($1::json) as r (${list})`, [
      text,
    ]);
  };
  let batch: object[] = [];
  for await (const row of rows) {
    if (batch.push(row) < BATCH) continue;
    await insert(batch);
    batch = [];
  }
  await insert(batch);
  await client.query(`analyze ${name}`);
}
