import { causeOf } from '@slipway/domain';
import type { Metrics } from '@slipway/service-kit';

const MEBIBYTE = 1024 * 1024;

/** The metrics that the first requirement document names, and the duration of each step. */
export class ContextMetrics {
  private readonly created;
  private readonly duration;
  private readonly s3Errors;
  private readonly bytes;
  private readonly steps;

  constructor(metrics: Metrics) {
    this.created = metrics.counter('build_context_creation_total', 'Contexts by result.', ['result']);
    this.duration = metrics.histogram('build_context_creation_duration_seconds', 'Time to create a context.');
    this.s3Errors = metrics.counter('build_context_s3_errors_total', 'Errors of the object store by kind.', [
      'kind',
    ]);
    this.bytes = metrics.histogram(
      'build_context_size_bytes',
      'Size of the archive.',
      [],
      [1024, 16_384, 262_144, MEBIBYTE, 4 * MEBIBYTE, 16 * MEBIBYTE, 64 * MEBIBYTE],
    );
    this.steps = metrics.histogram('slipway_context_step_seconds', 'Time of each step.', ['step']);
  }

  async creation<T>(create: () => Promise<T>): Promise<T> {
    const end = this.duration.startTimer();
    try {
      const result = await create();
      this.created.inc({ result: 'success' });
      return result;
    } catch (error) {
      this.created.inc({ result: 'failure' });
      const { code } = causeOf(error);
      if (code === 'source_denied' || code === 'source_unreachable') this.s3Errors.inc({ kind: code });
      throw error;
    } finally {
      end();
    }
  }

  async step<T>(step: 'download' | 'hash' | 'pack' | 'upload', work: () => Promise<T>): Promise<T> {
    const end = this.steps.startTimer({ step });
    try {
      return await work();
    } finally {
      end();
    }
  }

  size(bytes: number): void {
    this.bytes.observe(bytes);
  }
}
