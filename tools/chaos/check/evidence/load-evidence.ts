import { statSync } from 'node:fs';
import type pg from 'pg';
import type { Observed, Traces } from '../../lib/observed.ts';
import { loadTable } from './evidence-table.ts';
import { loadFacts } from './facts.ts';
import { secretTables } from './leaks.ts';
import { platformTables } from './local-platform.ts';
import { outsideTables, type QueueDepth } from './outside.ts';

/**
 * Brings everything that lies outside the ledger into temporary tables of the session, beside the ledger's own. Fails where
 * STATE_DIR is no folder: an empty one would break no invariant.
 */
export async function loadEvidence(
  client: pg.Client,
  traces: Traces,
  observed: Observed,
  queues: readonly QueueDepth[],
): Promise<void> {
  if (!statSync(traces.stateDir).isDirectory()) throw new Error(`${traces.stateDir} is not a folder.`);
  await loadFacts(client);
  const tables = [
    ...outsideTables(observed, queues),
    ...platformTables(traces.stateDir),
    ...secretTables(traces, observed),
  ];
  for (const table of tables) await loadTable(client, table);
}
