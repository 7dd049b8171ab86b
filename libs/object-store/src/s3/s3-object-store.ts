import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ObjectStore, type ObjectInfo } from '@slipway/domain';
import { S3Download } from './s3-download';
import { S3Requests, type S3Options } from './s3-requests';

/** The most that a server lists at once. */
const PAGE = 1_000;

export interface S3ObjectStoreOptions extends S3Options {
  /** Entries asked for at once when listing, at most 1,000. */
  pageSize?: number;
}

/** Objects on S3 or a server that speaks like it. */
export class S3ObjectStore extends ObjectStore {
  private readonly requests: S3Requests;
  private readonly pageSize: number;

  constructor(options: S3ObjectStoreOptions) {
    super();
    this.pageSize = options.pageSize ?? PAGE;
    this.requests = new S3Requests(options);
  }

  async get(bucket: string, key: string, limit: number): Promise<Buffer> {
    const name = `${bucket}/${key}`;
    const download = new S3Download(name, limit);
    return this.requests.ask(name, async (options) => {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...download.rest });
      const object = await this.requests.client.send(command, options);
      return download.take(object, options.abortSignal);
    });
  }

  async list(bucket: string, prefix: string, limit: number): Promise<ObjectInfo[]> {
    const deadline = this.requests.deadline();
    const found: ObjectInfo[] = [];
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ContinuationToken: token,
        MaxKeys: Math.min(this.pageSize, limit - found.length),
      });
      const page = await this.requests.ask(
        `${bucket}/${prefix}`,
        (options) => this.requests.client.send(command, options),
        deadline,
      );
      for (const { Key, Size, ETag } of page.Contents ?? []) {
        if (Key !== undefined) found.push({ key: Key, size: Size ?? 0, etag: ETag ?? '' });
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token && found.length < limit);
    return found.slice(0, limit);
  }

  async put(bucket: string, key: string, bytes: Buffer): Promise<void> {
    await this.requests.ask(`${bucket}/${key}`, (options) =>
      this.requests.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }), options),
    );
  }
}
