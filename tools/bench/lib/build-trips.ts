import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { RoundTrips, type Answer } from './round-trips.ts';
import { declareQueue } from './servers.ts';
import { buildStart, inlineSource, TYPE_PREFIX } from './start-events.ts';

const ENDS = 'bench-ends';
const END_TYPES = ['build.complete', 'build.failed', 'build.cancelled'].map(
  (type) => `${TYPE_PREFIX}${type}`,
);

/** The same source for all, so that it is built once. */
export const SOURCE = inlineSource('module.exports = async () => ({ said: "hello" });\n');

function endOf({ content, properties }: ConsumeMessage): Answer {
  const to = String(properties.headers?.['ce-causationid']);
  if (String(properties.type).endsWith('build.complete')) return { to };
  return { to, problem: `the build did not succeed: ${content.toString('utf8')}` };
}

/** Times builds from publishing their start event to receiving their end, on channels of two connections. */
export async function openBuildTrips(
  out: ConfirmChannel,
  subscriber: ConfirmChannel,
  signal: AbortSignal,
): Promise<RoundTrips> {
  await declareQueue(out, ENDS, END_TYPES);
  return RoundTrips.open({ out, subscriber, signal }, ENDS, endOf);
}

/** Milliseconds that a build of the unchanged source takes. Each lane speaks of a function of its own, as independent clients do. */
export function unchangedBuild(trips: RoundTrips, lane: number): Promise<number> {
  const id = randomUUID();
  const ids = { tenant: 'bench', parser: `unchanged-${lane}` };
  return trips.time(id, buildStart(id, ids, { source: SOURCE }));
}
