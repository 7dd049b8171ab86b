import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';

/** The S3 server of the tests: `npm test` starts one and names it, with its keys in the usual `AWS_*` variables. */
export class S3Server {
  readonly endpoint: string;
  readonly region = process.env['S3_REGION'] ?? 'us-east-1';
  private readonly buckets: string[] = [];
  private readonly client: S3Client;

  constructor() {
    const endpoint = process.env['S3_ENDPOINT'];
    if (!endpoint)
      throw new Error(
        'S3_ENDPOINT is not set: run the tests with `npm test`, which starts the servers they need.',
      );
    this.endpoint = endpoint;
    this.client = new S3Client({ endpoint, region: this.region, forcePathStyle: true });
  }

  /** The name of a new, empty bucket. */
  async newBucket(): Promise<string> {
    const bucket = `slipway-test-${randomUUID()}`;
    await this.client.send(new CreateBucketCommand({ Bucket: bucket }));
    this.buckets.push(bucket);
    return bucket;
  }

  /** Makes a bucket that stays. */
  async ensureBucket(bucket: string): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
      if (!/^BucketAlready(OwnedByYou|Exists)$/.test(error.name)) throw error;
    });
  }

  async read(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  }

  /** Removes the buckets that it gave. */
  async close(): Promise<void> {
    for (const bucket of this.buckets) await this.removeBucket(bucket);
    this.client.destroy();
  }

  private async removeBucket(bucket: string): Promise<void> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: bucket }));
    if (Contents.length > 0) {
      const Objects = Contents.map(({ Key }) => ({ Key }));
      await this.client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    }
    await this.client.send(new DeleteBucketCommand({ Bucket: bucket }));
  }
}
