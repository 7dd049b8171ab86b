import { eventually } from '@slipway/testing';
import { sql } from 'kysely';
import type { Ledger } from '../src';

type Move = () => Promise<unknown>;

async function waitForLock(ledger: Ledger, waiting: number): Promise<void> {
  await eventually(`${waiting} transactions that wait for a lock`, async () => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(ledger.database.kysely);
    return rows[0]!.n >= waiting;
  });
}

/**
 * Makes two moves of one build at the same time, the first just before the second: both wait for the build's row, which
 * PostgreSQL gives to whoever has waited longest.
 */
export async function inThisOrder(
  ledger: Ledger,
  buildId: string,
  first: Move,
  second: Move,
): Promise<[PromiseSettledResult<unknown>, PromiseSettledResult<unknown>]> {
  const settled = await ledger.database.transaction(async (tx) => {
    await sql`select 1 from builds where build_id = ${buildId} for update`.execute(tx);
    const one = Promise.allSettled([first()]);
    await waitForLock(ledger, 1);
    const two = Promise.allSettled([second()]);
    await waitForLock(ledger, 2);
    // Both go on after this commit, so their promises are handed out and not waited for.
    return [one, two] as const;
  });
  const [[before], [after]] = await Promise.all(settled);
  return [before, after];
}
