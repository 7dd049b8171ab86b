import type { GetObjectCommandInput, GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { SlipwayError, isSlipwayError } from '@slipway/domain';

type Rest = Pick<GetObjectCommandInput, 'Range' | 'IfMatch'>;

/**
 * The bytes of one version of an object, over as many requests as it takes: after a broken transfer only the rest is asked
 * for, and only of the version that the first bytes came from.
 */
export class S3Download {
  private chunks: Uint8Array[] = [];
  private size = 0;
  private etag: string | undefined;

  constructor(
    private readonly name: string,
    private readonly limit: number,
  ) {}

  /** What the next request has to ask for. */
  get rest(): Rest {
    return this.size > 0 && this.etag ? { Range: `bytes=${this.size}-`, IfMatch: this.etag } : {};
  }

  /**
   * Reads a body to its announced end. Fails with `source_truncated` where it ends before, with `source_timeout` where
   * `signal` ended it, and with `source_too_large` as soon as the limit is known to be passed.
   */
  async take(object: GetObjectCommandOutput, signal: AbortSignal): Promise<Buffer> {
    // A whole object: the first answer, or one of a server that does not know ranges.
    if (object.ContentRange === undefined) this.restart();
    this.etag = object.ETag;
    const end = object.ContentLength === undefined ? undefined : this.size + object.ContentLength;
    const body = object.Body as AsyncIterable<Uint8Array> & { destroy(): void };
    try {
      this.assertFits(end ?? 0);
      for await (const chunk of body) this.keep(chunk);
    } catch (error) {
      throw this.broken(error, end, signal);
    } finally {
      // Else a body that nobody reads keeps its connection.
      body.destroy();
    }
    if (end !== undefined && this.size !== end) throw this.truncated(end);
    return Buffer.concat(this.chunks);
  }

  private restart(): void {
    this.chunks = [];
    this.size = 0;
  }

  private keep(chunk: Uint8Array): void {
    this.assertFits(this.size + chunk.length);
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  private assertFits(size: number): void {
    if (size <= this.limit) return;
    throw new SlipwayError(
      'source_too_large',
      `${this.name} has at least ${size} bytes; at most ${this.limit} are taken.`,
    );
  }

  private broken(error: unknown, end: number | undefined, signal: AbortSignal): unknown {
    if (isSlipwayError(error)) return error;
    if (signal.aborted) {
      const message = `${this.name} came too slowly: ${this.size} bytes until the time limit.`;
      return new SlipwayError('source_timeout', message, { cause: error });
    }
    if (this.size === end) {
      // All bytes came, and the SDK found that they do not match the object's checksum.
      this.restart();
      return new SlipwayError('source_truncated', `${this.name} arrived damaged.`, { cause: error });
    }
    return this.truncated(end, error);
  }

  private truncated(end: number | undefined, cause?: unknown): SlipwayError {
    const message = `${this.name} ended after ${this.size} of ${end ?? 'an unknown number of'} bytes.`;
    return new SlipwayError('source_truncated', message, { cause });
  }
}
