import { SlipwayError, type ErrorCode } from '@slipway/domain';
import { LeaseLost } from '@slipway/ledger';
import { Metrics } from '@slipway/service-kit';
import { MemoryObjectStore } from '@slipway/testing';
import { ContextMetrics } from './context-metrics';

let metrics: Metrics;
let context: ContextMetrics;
beforeEach(() => {
  metrics = new Metrics();
  context = new ContextMetrics(metrics);
});

interface Value {
  value: number;
  labels: Partial<Record<string, string | number>>;
  metricName?: string;
}

async function valuesOf(name: string): Promise<Value[]> {
  return (await metrics.registry.getSingleMetric(name)!.get()).values;
}

/** The values of a counter that are not zero, by their label. */
async function counted(name: string): Promise<Record<string, number>> {
  const moved = (await valuesOf(name)).filter(({ value }) => value > 0);
  return Object.fromEntries(moved.map(({ labels, value }) => [Object.values(labels).join(), value]));
}

async function bucketsOf(name: string): Promise<Set<string | number | undefined>> {
  return new Set((await valuesOf(name)).map(({ labels }) => labels['le']));
}

const failing = (error: unknown) => async (): Promise<never> => {
  throw error;
};

describe('the metrics of contexts', () => {
  it('count what was created and what failed, and time both', async () => {
    expect(await context.creation(async () => 'created')).toBe('created');
    const failure = new SlipwayError('source_invalid', 'a link');
    await expect(context.creation(failing(failure))).rejects.toBe(failure);
    expect(await counted('build_context_creation_total')).toEqual({ success: 1, failure: 1 });
    const values = await valuesOf('build_context_creation_duration_seconds');
    expect(values.find(({ metricName }) => metricName?.endsWith('_count'))!.value).toBe(2);
  });

  it('do not count what was cancelled or taken over meanwhile', async () => {
    const lost = new LeaseLost('prepare b-1');
    await expect(context.creation(failing(lost))).rejects.toBe(lost);
    expect(await counted('build_context_creation_total')).toEqual({});
  });

  it.each<ErrorCode>([
    'source_denied',
    'source_bucket_missing',
    'source_throttled',
    'source_timeout',
    'source_truncated',
    'source_changed',
    'source_unreachable',
  ])('count %s of the object store, whether it is read or written', async (code) => {
    const objects = new MemoryObjectStore();
    const watched = context.watched(objects);
    for (const ask of [
      () => watched.get('b', 'k', 1),
      () => watched.list('b', 'k', 1),
      () => watched.put('b', 'k', Buffer.alloc(1)),
      () => context.step('upload', () => objects.put('b', 'k', Buffer.alloc(1))),
    ]) {
      objects.failNext(code);
      await expect(ask()).rejects.toMatchObject({ code });
    }
    expect(await counted('build_context_s3_errors_total')).toEqual({ [code]: 4 });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['an object that nobody has uploaded', () => context.watched(new MemoryObjectStore()).get('b', 'k', 1)],
    [
      'a server that is no object store',
      () => context.step('download', failing(new SlipwayError('source_denied', '403'))),
    ],
    [
      'a context that its store does not take',
      () => context.step('upload', failing(new SlipwayError('context_name_taken', 'taken'))),
    ],
  ])('count no error of the object store for %s', async (_, ask) => {
    await expect(ask()).rejects.toThrow();
    expect(await counted('build_context_s3_errors_total')).toEqual({});
  });

  it('leave what the object store delivers as it is', async () => {
    const watched = context.watched(new MemoryObjectStore());
    await watched.put('b', 'k', Buffer.from('code'));
    expect((await watched.get('b', 'k', 10)).toString()).toBe('code');
    expect(await watched.list('b', '', 10)).toMatchObject([{ key: 'k', size: 4 }]);
  });

  it('show every result and every kind of error from the beginning, so that the first one is seen to be new', async () => {
    expect(await valuesOf('build_context_creation_total')).toHaveLength(2);
    expect(await valuesOf('build_context_s3_errors_total')).toHaveLength(7);
  });

  it.each([
    ['the time of a context', 'build_context_creation_duration_seconds', [0.5, 5, 10, 15]],
    ['the time of its steps', 'slipway_context_step_seconds', [0.1, 1, 2]],
    ['its size', 'build_context_size_bytes', [1024 * 1024]],
  ])('have the limits for %s among their buckets, where a percentile is exact', async (_, name, limits) => {
    await context.step('hash', async () => undefined);
    const buckets = await bucketsOf(name);
    for (const limit of limits) expect(buckets).toContain(limit);
  });
});
