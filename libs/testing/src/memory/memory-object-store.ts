import { createHash } from 'node:crypto';
import { ObjectStore, SlipwayError, byPath, type ErrorCode, type ObjectInfo } from '@slipway/domain';

/** Objects in memory. `failNext` makes one following call fail with a code, as a real store may. */
export class MemoryObjectStore extends ObjectStore {
  private readonly objects = new Map<string, Buffer>();
  private failure: ErrorCode | undefined;

  failNext(code: ErrorCode): void {
    this.failure = code;
  }

  async get(bucket: string, key: string, limit: number): Promise<Buffer> {
    this.failIfAsked();
    const bytes = this.objects.get(`${bucket}/${key}`);
    if (!bytes) throw new SlipwayError('source_missing', `source file not found: ${bucket}/${key}`);
    if (bytes.length > limit) {
      throw new SlipwayError(
        'source_too_large',
        `${bucket}/${key} has ${bytes.length} bytes; at most ${limit} are taken.`,
      );
    }
    return Buffer.from(bytes);
  }

  async list(bucket: string, prefix: string, limit: number): Promise<ObjectInfo[]> {
    this.failIfAsked();
    return [...this.objects]
      .filter(([path]) => path.startsWith(`${bucket}/${prefix}`))
      .map(([path, bytes]) => ({ path, bytes }))
      .sort(byPath)
      .slice(0, limit)
      .map(({ path, bytes }) => {
        const etag = createHash('md5').update(bytes).digest('hex');
        return { key: path.slice(bucket.length + 1), size: bytes.length, etag };
      });
  }

  async put(bucket: string, key: string, bytes: Buffer): Promise<void> {
    this.failIfAsked();
    this.objects.set(`${bucket}/${key}`, Buffer.from(bytes));
  }

  private failIfAsked(): void {
    const code = this.failure;
    this.failure = undefined;
    if (code) throw new SlipwayError(code, 'The object store was asked to fail.');
  }
}
