import type { Random } from '../lib/random.ts';
import { tenantOf, type Command } from './wish.ts';

const LISTS = [
  '/builds?third_party_id={tenant}&limit=10',
  '/builds?status=running',
  '/functions?third_party_id={tenant}',
  '/async-jobs/stats',
] as const;

const OF_A_BUILD = ['/builds/{build}', '/builds/{build}/events', '/builds/{build}/logs'] as const;

/** A list, or what came of an earlier start. */
export function drawRead(
  random: Random,
  answered: readonly Command[],
  tenant: string,
): { path: string; of?: string } {
  if (answered.length === 0 || random.below(2) === 0)
    return { path: random.pick(LISTS).replace('{tenant}', tenant) };
  return { path: random.pick(OF_A_BUILD), of: random.pick(answered).id };
}

/** A function that has had a start event. */
export function drawRequest(
  random: Random,
  answered: readonly Command[],
): { tenant: string; parser: string } {
  const earlier = random.pick(answered);
  return { tenant: tenantOf(earlier), parser: earlier.subject };
}
