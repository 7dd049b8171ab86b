import { APP_NAMES, type AppName } from '../../bootstrap/ports.ts';
import type { Random } from '../lib/random.ts';

/** How often each kind of fault comes, beside the others. */
const WEIGHTS = {
  kill: 12,
  terminate: 4,
  freeze: 5,
  'cut-broker': 9,
  'cut-database': 9,
  'half-open-broker': 2,
  'half-open-database': 2,
  'slow-links': 2,
  'lost-commit': 18,
  'swallowed-confirms': 14,
  'kill-supervisor': 3,
  'kill-builder': 6,
  'kill-sidecar': 6,
  'crash-function': 5,
  'delete-queue': 1.5,
  'restart-broker': 0.4,
  'pause-broker': 0.5,
  'memory-alarm': 0.3,
  'restart-database': 0.6,
  'pause-database': 0.6,
  'no-connections': 0.5,
  'disk-full': 0.5,
};

export type FaultKind = keyof typeof WEIGHTS;

export interface PlannedFault {
  /** Milliseconds after the traffic's begin. */
  atMs: number;
  kind: FaultKind;
  /** Name of the app, and which of its replicas; for the kinds that strike one. */
  app: AppName;
  replica: number;
  /** Milliseconds that it lasts; for the kinds that last. */
  ms: number;
  /** How many; for the kinds that are counted. */
  count: number;
  /** What the killed process does to itself next time. */
  points?: string;
}

const COMMON = ['ledger.before-commit', 'ledger.after-commit', 'relay.after-publish-before-mark'];
const CONSUMER = 'consumer.after-commit-before-ack';
const WORKER = 'work.after-claim-before-run';

/** The named points of the code that each app comes to. */
const POINTS: Record<AppName, readonly string[]> = {
  ingest: [...COMMON, CONSUMER, 'door.after-commit-before-answer'],
  'context-builder': [
    ...COMMON,
    CONSUMER,
    WORKER,
    'context.after-reference-before-put',
    'context.after-put-before-queue',
  ],
  'job-launcher': [
    ...COMMON,
    CONSUMER,
    WORKER,
    'launch.after-create-before-record',
    'stop.after-stop-before-record',
  ],
  'service-deployer': [...COMMON, CONSUMER, WORKER, 'deploy.after-apply-before-record'],
  api: [...COMMON, CONSUMER],
  gateway: [...COMMON, CONSUMER, WORKER, 'invoke.after-call-before-record'],
};

const LONG_FREEZE = 0.1;

function armed(random: Random, app: AppName): string | undefined {
  if (random.next() < 0.25) return undefined;
  const action = random.next() < 0.85 ? 'kill' : 'freeze';
  return `${action}@${random.pick(POINTS[app])}:${1 + random.below(12)}`;
}

/** Longer than a lease in one of ten cases, so that somebody else has taken the work over when the process goes on. */
function lasting(random: Random, kind: FaultKind): number {
  if (kind === 'freeze' && random.next() < LONG_FREEZE) return 32_000 + random.below(4_000);
  return 500 + random.below(4_000);
}

/** The faults of a run, in the order of their times: they follow from the seed alone. Endless. */
export function* plannedFaults(random: Random, perSecond: number): Generator<PlannedFault> {
  for (let atMs = 1_000; ; atMs += (random.next() * 2_000) / perSecond) {
    const kind = random.weighted(WEIGHTS);
    const app = random.pick(APP_NAMES);
    const fault: PlannedFault = {
      atMs: Math.round(atMs),
      kind,
      app,
      replica: random.below(8),
      ms: lasting(random, kind),
      count: 1 + random.below(5),
    };
    const points = armed(random, app);
    yield kind === 'kill' && points !== undefined ? { ...fault, points } : fault;
  }
}
