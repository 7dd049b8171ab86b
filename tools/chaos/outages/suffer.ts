import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '../../bootstrap/refusal.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { Outage } from './outages.ts';
import { probe, type Sample } from './probes.ts';
import { verdict, type Verdict } from './verdict.ts';

const READY_LIMIT_MS = 60_000;
const LOOK_MS = 500;

/** A process that ended has another number in the end. */
function processes(system: ChaosSystem): string {
  return system.apps.map(({ name, pid }) => `${name} ${pid}`).join(', ');
}

async function course(system: ChaosSystem, outage: Outage, samples: Sample[]): Promise<Verdict> {
  const { ms, noticeMs, lists } = outage;
  const beganAt = Date.now();
  if (!(await outage.bring(system))) throw new Refusal(`${outage.name}: there is no such process of ours.`);
  const backAt = Date.now();
  for (;;) {
    const found = verdict({ beganAt, endedAt: beganAt + ms, backAt, noticeMs, lists, samples });
    if (found.readyMs !== undefined || Date.now() > backAt + READY_LIMIT_MS) return found;
    await delay(LOOK_MS, undefined, { signal: system.scratch.context.signal });
  }
}

/** Brings an outage about and watches it until every app is ready again, or has not been for 60 s. */
export async function suffer(system: ChaosSystem, outage: Outage): Promise<Verdict> {
  const over = new AbortController();
  const samples: Sample[] = [];
  const before = processes(system);
  const probing = probe(system.apps, samples, over.signal);
  try {
    const found = await course(system, outage, samples);
    const after = processes(system);
    if (after !== before) found.problems.push(`processes ended: before ${before}, after ${after}`);
    return found;
  } finally {
    over.abort();
    await probing;
  }
}
