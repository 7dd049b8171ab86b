import { DEFAULT_NAMING, QUEUES, type QueueDefinition } from '@slipway/contracts';

/** An event in its JSON form: attributes, and data. */
export type EventBody = Record<string, unknown>;

interface Ids {
  third_party_id: string;
  parser_id: string;
}

const TENANT = 'garbage';
const BUILD = 'build-garbage-none-0123456789';
const UID = '4d6f2c1e-6a0e-4d0b-9c59-3c5b2f0e8a11';
const DIGEST = `sha256:${'0'.repeat(64)}`;

const factOf = (ids: Ids): object => ({ build_id: BUILD, ...ids, version: 1 });
const endOf = (ids: Ids): object => ({ ...factOf(ids), attempt: 1, job_uid: UID });

const startOf = (ids: Ids): object => ({
  ...ids,
  runtime: 'nodejs24',
  source: { kind: 'object', key: 'global/parser/none' },
  build_timeout: 60,
  priority: 5,
  parameters: { deep: { list: [1, 'two', null] } },
  deploy: { min_scale: 0, env: { NAME: 'text' }, triggers: [{ type: 'a.b', filters: { subject: 'x' } }] },
  stop_after: 'context',
  correlation_id: 'corr-1',
});

const jobOf = (ids: Ids): object => ({
  ...factOf(ids),
  content_hash: '0'.repeat(64),
  context: { store: 'file', key: 'k', size: 1, sha256: '0'.repeat(64) },
  image_uri: 'registry.local/knative-lambdas:x',
  priority: 5,
});

const CAUSE = { code: 'oom', message: 'x', hint: 'y', retryable: false };
const OPTIONS = { concurrency: 5, timeout_seconds: 30, cpu: '500m', memory: '256Mi', env: { NAME: 'text' } };

type Kinds = readonly (readonly [type: string, data: (ids: Ids) => object])[];

/** For each queue what it takes. None of it leads to a Job: there is no such source, build or function. */
const KINDS: Record<string, Kinds> = {
  [QUEUES.buildEvents.name]: [
    ['build.start', startOf],
    ['build.start', (ids) => ({ ...startOf(ids), runtime: 'cobol' })],
    ['rebuild.start', () => ({ force: false })],
  ],
  [QUEUES.buildCancels.name]: [
    ['build.cancel', (ids) => ({ build_id: BUILD, ...ids, reason: 'no longer wanted' })],
    ['build.cancel', (ids) => ({ ...ids, reason: 'all of it' })],
  ],
  [QUEUES.buildContexts.name]: [['build.accepted', (ids) => ({ ...factOf(ids), sequence: 1 })]],
  [QUEUES.jobs.name]: [
    ['job.start', jobOf],
    ['build.cancelled', (ids) => ({ ...factOf(ids), actor: 'api', reason: 'x' })],
  ],
  [QUEUES.buildReports.name]: [
    ['build.complete', (ids) => ({ ...endOf(ids), status: 'success', image_digest: DIGEST })],
    ['build.failed', (ids) => ({ ...endOf(ids), status: 'failed', exit_code: 1, cause: CAUSE })],
  ],
  [QUEUES.serviceEvents.name]: [
    ['build.complete', (ids) => ({ ...endOf(ids), status: 'success', duration: '2m30s' })],
    ['service.update', (ids) => ({ ...ids, deploy: OPTIONS })],
    ['service.delete', (ids) => ({ ...ids, reason: 'x' })],
  ],
  [QUEUES.functionEvents.name]: [['parser.start', () => ({ name: 'you', list: [{ a: 1 }] })]],
  [QUEUES.parserResults.name]: [
    ['parser.complete', () => ({ said: 'x' })],
    ['parser.failed', () => ({ cause: CAUSE })],
  ],
};

/** The events of a queue about one function as they would be right. */
export function rightEventsOf(queue: QueueDefinition, id: string, parser: string): EventBody[] {
  return KINDS[queue.name]!.map(([type, data]) => ({
    specversion: '1.0',
    id,
    source: `${DEFAULT_NAMING.sourcePrefix}${TENANT}`,
    type: `${DEFAULT_NAMING.typePrefix}${type}`,
    subject: parser,
    time: '2026-01-31T12:00:00Z',
    correlationid: 'corr-1',
    data: data({ third_party_id: TENANT, parser_id: parser }),
  }));
}
