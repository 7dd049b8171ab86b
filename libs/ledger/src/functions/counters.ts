import { serviceNameOf } from '@slipway/domain';
import { sql, type RawBuilder } from 'kysely';
import { rows, type Tx } from '../database/database';
import { keySet } from '../database/row-set';

interface Ids {
  tenant: string;
  parser: string;
}

/** As a set `r` of rows. */
function listed(functions: readonly Ids[]): RawBuilder<unknown> {
  return keySet(functions, {
    tenant: ['text', ({ tenant }) => tenant],
    parser: ['text', ({ parser }) => parser],
    service: ['text', ({ tenant, parser }) => serviceNameOf(tenant, parser)],
  });
}

/** Makes sure that the functions have rows, and locks them, always in the same order. */
export async function lockFunctions(tx: Tx, functions: readonly Ids[]): Promise<void> {
  await sql`insert into functions (tenant, parser, service) select * from ${listed(functions)}
    order by tenant, parser on conflict (tenant, parser) do nothing`.execute(tx);
  await sql`select 1 from functions where (tenant, parser) in (select tenant, parser from ${listed(functions)})
    order by tenant, parser for update`.execute(tx);
}

/**
 * Takes the next number of each function's one counter, by `{tenant}/{parser}`; holding its row puts all wishes for it in
 * one order. The functions must be different ones.
 */
export async function nextSequences(tx: Tx, functions: readonly Ids[]): Promise<Map<string, number>> {
  const found = await rows<Ids & { counter: number }>(
    tx,
    sql`update functions set counter = counter + 1 where (tenant, parser) in (select tenant, parser from ${listed(functions)})
      returning tenant, parser, counter`,
  );
  return new Map(found.map(({ tenant, parser, counter }) => [`${tenant}/${parser}`, counter]));
}
