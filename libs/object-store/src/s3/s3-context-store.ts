import { createHash } from 'node:crypto';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  ContextStore,
  SlipwayError,
  contextKeyOf,
  contextOwnerIn,
  type ContextGrant,
  type ContextName,
  type ContextReference,
  type StoredContext,
} from '@slipway/domain';
import { isAliasKey, writeAlias } from './context-alias';
import { ContextObjects, isArchive, type Content, type ContextObjectsOptions } from './context-objects';
import { presignedUrl } from './presigned-url';
import { S3Requests, type S3Options } from './s3-requests';

export interface S3ContextStoreOptions extends S3Options, ContextObjectsOptions {
  /** Whether the last context of each function also lies under a key without tenant and identity (wire §3). */
  alias?: boolean;
  /** Hears why an alias could not be written. */
  onAliasFailure?: (error: unknown) => void;
}

/** Nothing else in the bucket is ours. */
const PREFIX = 'build-context/';

/** Build contexts on S3. A builder reads one through a presigned URL and holds no key of the store. */
export class S3ContextStore extends ContextStore {
  readonly kind = 's3';
  readonly maxBytes = Infinity;
  private readonly requests: S3Requests;
  private readonly objects: ContextObjects;

  constructor(private readonly options: S3ContextStoreOptions) {
    super();
    this.requests = new S3Requests(options);
    this.objects = new ContextObjects(this.requests, options);
  }

  keyOf(name: ContextName): string {
    return contextKeyOf(name);
  }

  async put(name: ContextName, archive: Buffer): Promise<ContextReference> {
    const content = { archive, sha256: createHash('sha256').update(archive).digest('hex') };
    const [reference] = await Promise.all([
      this.store(this.keyOf(name), content),
      this.alias(name, async () => content),
    ]);
    return reference;
  }

  async renew(name: ContextName, reference: ContextReference): Promise<boolean> {
    const stored = await this.objects.head(reference.key);
    if (!stored || !isArchive(reference, stored)) return false;
    await this.alias(name, async () => ({
      archive: await this.objects.read(reference.key),
      sha256: reference.sha256,
    }));
    return true;
  }

  async grant(reference: ContextReference, seconds: number): Promise<ContextGrant> {
    const { key, size, sha256 } = reference;
    const stored = await this.objects.head(key);
    if (!stored) throw new SlipwayError('source_missing', `The stored context ${key} is gone.`);
    if (!isArchive(reference, stored)) {
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

  /** Without the aliases, which no record names and which outlive the contexts that they are copies of. */
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
        if (Key !== undefined && !isAliasKey(Key))
          yield { key: Key, size: Size ?? 0, ...contextOwnerIn(Key) };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token);
  }

  private async store(key: string, content: Content): Promise<ContextReference> {
    const { archive, sha256 } = content;
    const reference: ContextReference = { store: this.kind, key, size: archive.length, sha256 };
    if (await this.objects.write(key, content, { IfNoneMatch: '*' })) return reference;
    // The key names the content, so what is there is the same; unless somebody else has written or damaged it.
    const stored = await this.objects.head(key);
    if (!stored || !isArchive(reference, stored)) await this.objects.write(key, content, {});
    return reference;
  }

  /** Nobody of ours reads the alias, so that a build does not fail for it. */
  private async alias(name: ContextName, content: () => Promise<Content>): Promise<void> {
    if (!this.options.alias || name.sequence === undefined) return;
    try {
      await writeAlias(this.objects, { ...name, sequence: name.sequence }, content, this.requests.deadline());
    } catch (error) {
      this.options.onAliasFailure?.(error);
    }
  }

  private nameOf(key: string): string {
    return `${this.options.bucket}/${key}`;
  }
}
