import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { statusOf } from './s3-errors';
import type { S3Requests } from './s3-requests';

/** How the objects of one bucket are written. */
export interface ContextObjectsOptions {
  bucket: string;
  /** How the server encrypts what it stores; without it as the bucket says. `keyId` is of KMS. */
  encryption?: { algorithm: 'AES256' | 'aws:kms'; keyId?: string };
  /** Tags of every object; needs the right to tag (`s3:PutObjectTagging`). */
  tags?: Record<string, string>;
}

/** An object is only written where this holds of what lies there (RFC 9110, sections 13.1.1 and 13.1.2). */
type Condition = { IfNoneMatch?: '*'; IfMatch?: string };

export interface Content {
  archive: Buffer;
  /** 64 hex. */
  sha256: string;
  metadata?: Record<string, string>;
}

/** The form in which S3 takes and gives checksums. */
function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

const SHA256 = 'slipway-sha256';

/** Whether an object is this archive. Some servers keep no checksum, so that its SHA-256 stands in the metadata as well. */
export function isArchive(
  { size, sha256 }: { size: number; sha256: string },
  stored: HeadObjectCommandOutput,
): boolean {
  const kept = stored.ChecksumSHA256;
  const same = kept === undefined ? stored.Metadata?.[SHA256] === sha256 : kept === base64(sha256);
  return same && stored.ContentLength === size;
}

/** Reads and writes archives of a bucket under conditions. */
export class ContextObjects {
  constructor(
    private readonly requests: S3Requests,
    private readonly options: ContextObjectsOptions,
  ) {}

  /** What is known of an object; undefined where there is none. */
  head(key: string, deadline?: AbortSignal): Promise<HeadObjectCommandOutput | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.options.bucket, Key: key, ChecksumMode: 'ENABLED' });
    return this.ask(key, deadline, async (options) => {
      try {
        return await this.requests.client.send(command, options);
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  /** The bytes of an object that is an archive of ours. */
  read(key: string, deadline?: AbortSignal): Promise<Buffer> {
    const command = new GetObjectCommand({ Bucket: this.options.bucket, Key: key });
    return this.ask(key, deadline, async (options) => {
      const { Body } = await this.requests.client.send(command, options);
      return Buffer.from(await Body!.transformToByteArray());
    });
  }

  /** False where the condition does not hold. The server refuses bytes that do not match the checksum. */
  write(
    key: string,
    { archive, sha256, metadata }: Content,
    condition: Condition,
    deadline?: AbortSignal,
  ): Promise<boolean> {
    const { bucket, encryption, tags } = this.options;
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: archive,
      ContentType: 'application/gzip',
      // The algorithm too: without it some servers do not keep the checksum.
      ChecksumAlgorithm: 'SHA256',
      ChecksumSHA256: base64(sha256),
      ServerSideEncryption: encryption?.algorithm,
      SSEKMSKeyId: encryption?.keyId,
      Tagging: tags && new URLSearchParams(tags).toString(),
      Metadata: { ...metadata, [SHA256]: sha256 },
      ...condition,
    });
    return this.ask(key, deadline, async (options) => {
      try {
        await this.requests.client.send(command, options);
        return true;
      } catch (error) {
        if (contradicts(error, condition)) return false;
        throw error;
      }
    });
  }

  private ask<T>(
    key: string,
    deadline: AbortSignal | undefined,
    attempt: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return this.requests.ask(`${this.options.bucket}/${key}`, attempt, deadline);
  }
}

function contradicts(error: unknown, { IfMatch }: Condition): boolean {
  // S3 answers 404 where the object that was to be replaced is gone ("Conditional writes").
  return statusOf(error) === 412 || (IfMatch !== undefined && (error as Error).name === 'NoSuchKey');
}
