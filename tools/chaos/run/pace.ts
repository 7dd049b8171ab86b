import { setTimeout as delay } from 'node:timers/promises';
import { withLedger } from '../check/session.ts';

const LOOK_MS = 250;
/** With more than this under way, recovery would measure how long the machine takes for them and not whether work moves. */
const MOST_UNDER_WAY = 20;

const UNDER_WAY = `
  select (select count(*) from builds where status in ('pending', 'running'))
       + (select count(*) from due_work where kind in ('deploy', 'invoke')) as count`;

async function underWay(database: string): Promise<number> {
  const { rows } = await withLedger(database, (client) => client.query<{ count: string }>(UNDER_WAY));
  return Number(rows[0]?.count);
}

/** Resolves when little enough is under way for one start more. While the ledger is away, clients `wait` or `send`. */
export async function pace(
  database: string,
  signal: AbortSignal,
  whileAway: 'wait' | 'send' = 'wait',
): Promise<void> {
  const unknown = whileAway === 'wait' ? Infinity : 0;
  while ((await underWay(database).catch(() => unknown)) > MOST_UNDER_WAY)
    await delay(LOOK_MS, undefined, { signal });
}
