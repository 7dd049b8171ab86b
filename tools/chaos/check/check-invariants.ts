import type pg from 'pg';
import type { Break, Observed, Traces } from '../lib/observed.ts';
import { loadEvidence } from './evidence/load-evidence.ts';
import type { QueueDepth } from './evidence/outside.ts';
import { INVARIANTS } from './invariants/all.ts';
import type { Rule } from './invariants/rule.ts';
import { withLedger } from './session.ts';

/** Breaks of one rule that are listed; what breaks a rule more often than that has one reason. */
const MOST = 100;

async function breaksOf(client: pg.Client, { invariant, holds, breaks }: Rule): Promise<Break[]> {
  const { rows } = await client.query<{ build_id: string | null; found: string }>(
    `select * from (${breaks}) as breaks limit ${MOST + 1}`,
  );
  const listed = rows.slice(0, MOST).map(({ build_id: buildId, found }): Break => {
    const message = `${holds}: ${found}`;
    return buildId === null ? { invariant, message } : { invariant, buildId, message };
  });
  if (rows.length > MOST) listed.push({ invariant, message: `${holds}: and more than these ${MOST}` });
  return listed;
}

/** What `checkInvariants` does, in the transaction that the client is in. */
export async function findBreaks(
  client: pg.Client,
  traces: Traces,
  observed: Observed,
  queues: readonly QueueDepth[],
): Promise<Break[]> {
  await loadEvidence(client, traces, observed, queues);
  const found: Break[] = [];
  for (const rule of INVARIANTS) found.push(...(await breaksOf(client, rule)));
  return found;
}

/**
 * Checks the ten invariants from outside, when the system is at rest. `queues`: how many messages the queues of the broker
 * hold. The subscriber that `observed.events` come from must have been there before the first build.
 */
export async function checkInvariants(
  traces: Traces,
  observed: Observed,
  queues: readonly QueueDepth[] = [],
): Promise<Break[]> {
  return withLedger(traces.database, (client) => findBreaks(client, traces, observed, queues));
}
