import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { ObjectStore, SlipwayError, type ObjectInfo } from '@slipway/domain';
import { explained } from './s3-errors';

export interface S3ObjectStoreOptions {
  /** For servers other than AWS. */
  endpoint?: string;
  region?: string;
  /** Bucket in the path instead of the host name, as most other servers want it. */
  forcePathStyle?: boolean;
  /** Milliseconds for one try of a request. The SDK's own default is to wait for ever (aws-sdk-js-v3 issue 6763). */
  requestTimeoutMs?: number;
}

const REQUEST_MS = 20_000;
const CONNECT_MS = 5_000;
/** The SDK tries again with jitter, and only what may help: throttling, 5xx, timeouts, broken connections. */
const ATTEMPTS = 3;
const PAGE = 1000;

/** Objects on S3 or a server that speaks like it. Credentials come from where the SDK looks for them (`AWS_*`). */
export class S3ObjectStore extends ObjectStore {
  private readonly client: S3Client;
  private readonly requestMs: number;

  constructor(options: S3ObjectStoreOptions) {
    super();
    this.requestMs = options.requestTimeoutMs ?? REQUEST_MS;
    this.client = new S3Client({
      endpoint: options.endpoint,
      region: options.region ?? 'us-east-1',
      forcePathStyle: options.forcePathStyle,
      maxAttempts: ATTEMPTS,
      // Without the last one the SDK only warns when the time is over.
      requestHandler: {
        requestTimeout: this.requestMs,
        connectionTimeout: Math.min(CONNECT_MS, this.requestMs),
        throwOnRequestTimeout: true,
      },
    });
  }

  async get(bucket: string, key: string, limit: number): Promise<Buffer> {
    const name = `${bucket}/${key}`;
    return this.asked(name, async (options) => {
      const object = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), options);
      return read(object, name, limit);
    });
  }

  async list(bucket: string, prefix: string, limit: number): Promise<ObjectInfo[]> {
    const found: ObjectInfo[] = [];
    let token: string | undefined;
    do {
      const page = await this.asked(`${bucket}/${prefix}`, (options) => {
        const MaxKeys = Math.min(PAGE, limit - found.length);
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ContinuationToken: token,
          MaxKeys,
        });
        return this.client.send(command, options);
      });
      for (const { Key, Size, ETag } of page.Contents ?? []) {
        if (Key !== undefined) found.push({ key: Key, size: Size ?? 0, etag: ETag ?? '' });
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token && found.length < limit);
    return found.slice(0, limit);
  }

  async put(bucket: string, key: string, bytes: Buffer): Promise<void> {
    await this.asked(`${bucket}/${key}`, (options) =>
      this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }), options),
    );
  }

  /** One deadline over all tries and the body, which the SDK's own time limit does not cover. */
  private async asked<T>(
    name: string,
    request: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      return await request({ abortSignal: AbortSignal.timeout(this.requestMs * ATTEMPTS) });
    } catch (error) {
      throw explained(error, name);
    }
  }
}

/** Reads a body to its announced end; a shorter one is a broken transfer, never a smaller object. */
async function read(object: GetObjectCommandOutput, name: string, limit: number): Promise<Buffer> {
  const body = object.Body as AsyncIterable<Uint8Array> & { destroy(): void };
  const announced = object.ContentLength;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    if ((announced ?? 0) > limit) tooLarge(name, `${announced} bytes`, limit);
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit) tooLarge(name, 'more bytes', limit);
      chunks.push(chunk);
    }
  } finally {
    // Else a body that nobody reads keeps its connection.
    body.destroy();
  }
  if (announced !== undefined && size !== announced) {
    throw new SlipwayError('source_unreachable', `${name} ended after ${size} of ${announced} bytes.`);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string, has: string, limit: number): never {
  throw new SlipwayError('source_too_large', `${name} has ${has}; at most ${limit} are taken.`);
}
