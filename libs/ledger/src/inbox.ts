import { sql } from 'kysely';
import { changed, type Executor } from './database/database';

export interface InboxKey {
  queue: string;
  tenant: string;
  source: string;
  id: string;
}

/** Notes in the running transaction that this event was handled. False where it was handled before. */
export async function firstSight(tx: Executor, key: InboxKey): Promise<boolean> {
  const count = await changed(
    tx,
    sql`insert into inbox (queue, tenant, source, event_id) values (${key.queue}, ${key.tenant}, ${key.source}, ${key.id})
      on conflict do nothing`,
  );
  return count === 1;
}
