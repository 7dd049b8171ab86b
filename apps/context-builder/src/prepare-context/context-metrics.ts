import { ObjectStore, causeOf, type ErrorCode, type ObjectInfo } from '@slipway/domain';
import { LeaseLost } from '@slipway/ledger';
import type { Metrics } from '@slipway/service-kit';

const MEBIBYTE = 1024 * 1024;
const SIZES = [1024, 16_384, 262_144, MEBIBYTE, 4 * MEBIBYTE, 16 * MEBIBYTE, 64 * MEBIBYTE];

const RESULTS = ['success', 'failure'] as const;

/** Failures of an object store itself. What nobody has uploaded (`source_missing`) is none: the store answered well. */
const STORE_ERRORS: readonly ErrorCode[] = [
  'source_denied',
  'source_bucket_missing',
  'source_throttled',
  'source_timeout',
  'source_truncated',
  'source_changed',
  'source_unreachable',
];

/** The metrics that the first requirement document names, and the duration of each step. */
export class ContextMetrics {
  private readonly created;
  private readonly duration;
  private readonly s3Errors;
  private readonly bytes;
  private readonly steps;

  constructor(metrics: Metrics) {
    this.created = metrics.counter(
      'build_context_creation_total',
      'Tries to create a context, or to find what was built from its content before, by result.',
      ['result'],
    );
    this.duration = metrics.histogram('build_context_creation_duration_seconds', 'Time of such a try.');
    this.s3Errors = metrics.counter(
      'build_context_s3_errors_total',
      'Failures of the object store while sources were read and contexts were stored, by code of the error catalogue.',
      ['kind'],
    );
    this.bytes = metrics.histogram('build_context_size_bytes', 'Size of the archive.', [], SIZES);
    this.steps = metrics.histogram('slipway_context_step_seconds', 'Time of each step.', ['step']);
    // An increase is only seen from a value that was there before: without these the first failure would raise no alert.
    for (const result of RESULTS) this.created.inc({ result }, 0);
    for (const kind of STORE_ERRORS) this.s3Errors.inc({ kind }, 0);
  }

  async creation<T>(create: () => Promise<T>): Promise<T> {
    const end = this.duration.startTimer();
    const ended = (result: (typeof RESULTS)[number]): void => {
      end();
      this.created.inc({ result });
    };
    try {
      const created = await create();
      ended('success');
      return created;
    } catch (error) {
      // Cancelled, or taken over by another process, which counts it.
      if (!(error instanceof LeaseLost)) ended('failure');
      throw error;
    }
  }

  async step<T>(step: 'download' | 'hash' | 'pack' | 'upload', work: () => Promise<T>): Promise<T> {
    const end = this.steps.startTimer({ step });
    try {
      return await (step === 'upload' ? this.countStoreErrors(work) : work());
    } finally {
      end();
    }
  }

  size(bytes: number): void {
    this.bytes.observe(bytes);
  }

  /**
   * The same store, whose failures are counted. A download as a whole also fails for servers that are no object store, and
   * for keys and buckets that no user may name, which must wake nobody up.
   */
  watched(objects: ObjectStore): ObjectStore {
    return new WatchedObjects(objects, (ask) => this.countStoreErrors(ask));
  }

  private async countStoreErrors<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const { code } = causeOf(error);
      if (STORE_ERRORS.includes(code)) this.s3Errors.inc({ kind: code });
      throw error;
    }
  }
}

class WatchedObjects extends ObjectStore {
  constructor(
    private readonly objects: ObjectStore,
    private readonly watch: <T>(ask: () => Promise<T>) => Promise<T>,
  ) {
    super();
  }

  get(bucket: string, key: string, limit: number): Promise<Buffer> {
    return this.watch(() => this.objects.get(bucket, key, limit));
  }

  list(bucket: string, prefix: string, limit: number): Promise<ObjectInfo[]> {
    return this.watch(() => this.objects.list(bucket, prefix, limit));
  }

  put(bucket: string, key: string, bytes: Buffer): Promise<void> {
    return this.watch(() => this.objects.put(bucket, key, bytes));
  }
}
