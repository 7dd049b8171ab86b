import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import {
  ContextStore,
  SlipwayError,
  contextKeyOf,
  type ContextGrant,
  type ContextName,
  type ContextReference,
  type StoredContext,
} from '@slipway/domain';
import { presignedUrl } from './presigned-url';
import { statusOf } from './s3-errors';
import { S3Requests, type S3Options } from './s3-requests';

export interface S3ContextStoreOptions extends S3Options {
  bucket: string;
  /** How the server encrypts what it stores; without it as the bucket says. */
  encryption?: { algorithm: 'AES256' | 'aws:kms'; keyId?: string };
  /** Tags of every object; needs the right to tag (`s3:PutObjectTagging`). */
  tags?: Record<string, string>;
}

/** Nothing else in the bucket is ours. */
const PREFIX = 'build-context/';

/** Build contexts on S3. A builder reads one through a presigned URL and holds no key of the store. */
export class S3ContextStore extends ContextStore {
  readonly kind = 's3';
  readonly maxBytes = Infinity;
  private readonly requests: S3Requests;

  constructor(private readonly options: S3ContextStoreOptions) {
    super();
    this.requests = new S3Requests(options);
  }

  keyOf(name: ContextName): string {
    return contextKeyOf(name);
  }

  async put(name: ContextName, archive: Buffer): Promise<ContextReference> {
    const key = this.keyOf(name);
    const sha256 = createHash('sha256').update(archive).digest('hex');
    const reference: ContextReference = { store: this.kind, key, size: archive.length, sha256 };
    if (await this.write(reference, archive, { IfNoneMatch: '*' })) return reference;
    // The key names the content, so what is there is the same; unless somebody else has written or damaged it.
    const stored = await this.head(key);
    if (!stored || !isOf(reference, stored)) await this.write(reference, archive, {});
    return reference;
  }

  async grant(reference: ContextReference, seconds: number): Promise<ContextGrant> {
    const { key, size, sha256 } = reference;
    const stored = await this.head(key);
    if (!stored) throw new SlipwayError('source_missing', `The stored context ${key} is gone.`);
    if (!isOf(reference, stored)) {
      throw new SlipwayError('source_invalid', `The stored context ${key} is damaged.`);
    }
    const url = await this.requests.ask(this.nameOf(key), () =>
      presignedUrl(this.requests.client, { Bucket: this.options.bucket, Key: key }, seconds),
    );
    return { url, size, sha256 };
  }

  async remove(key: string): Promise<void> {
    // S3 answers alike whether the object was there or not.
    await this.requests.ask(this.nameOf(key), (options) =>
      this.requests.client.send(new DeleteObjectCommand({ Bucket: this.options.bucket, Key: key }), options),
    );
  }

  async *list(): AsyncIterable<StoredContext> {
    const name = this.nameOf(PREFIX);
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.options.bucket,
        Prefix: PREFIX,
        ContinuationToken: token,
      });
      const page = await this.requests.ask(name, (options) => this.requests.client.send(command, options));
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key, size: Size ?? 0 };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token);
  }

  /** False where the condition forbids it. The server refuses bytes that do not match the checksum. */
  private write(
    reference: ContextReference,
    archive: Buffer,
    condition: { IfNoneMatch?: '*' },
  ): Promise<boolean> {
    const { bucket, encryption, tags } = this.options;
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: reference.key,
      Body: archive,
      ContentType: 'application/gzip',
      // The algorithm too: without it some servers do not keep the checksum.
      ChecksumAlgorithm: 'SHA256',
      ChecksumSHA256: base64(reference.sha256),
      ServerSideEncryption: encryption?.algorithm,
      SSEKMSKeyId: encryption?.keyId,
      Tagging: tags && new URLSearchParams(tags).toString(),
      ...condition,
    });
    return this.requests.ask(this.nameOf(reference.key), async (options) => {
      try {
        await this.requests.client.send(command, options);
        return true;
      } catch (error) {
        if (statusOf(error) === 412) return false;
        throw error;
      }
    });
  }

  private head(key: string): Promise<HeadObjectCommandOutput | undefined> {
    return this.requests.ask(this.nameOf(key), async (options) => {
      const command = new HeadObjectCommand({
        Bucket: this.options.bucket,
        Key: key,
        ChecksumMode: 'ENABLED',
      });
      try {
        return await this.requests.client.send(command, options);
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  private nameOf(key: string): string {
    return `${this.options.bucket}/${key}`;
  }
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function isOf(reference: ContextReference, stored: HeadObjectCommandOutput): boolean {
  return stored.ContentLength === reference.size && stored.ChecksumSHA256 === base64(reference.sha256);
}
