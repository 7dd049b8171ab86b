import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { startMoto } from './moto';

/**
 * The S3 server of the tests: the one that `S3_ENDPOINT` names (with `S3_REGION` and the keys in the usual `AWS_*`
 * variables), else a moto server of its own.
 */
export class S3Server {
  private readonly buckets: string[] = [];
  private readonly client: S3Client;

  private constructor(
    readonly endpoint: string,
    readonly region: string,
    private readonly end: () => Promise<void>,
  ) {
    this.client = new S3Client({ endpoint, region, forcePathStyle: true });
  }

  static async start(): Promise<S3Server> {
    const region = process.env['S3_REGION'] ?? 'us-east-1';
    const named = process.env['S3_ENDPOINT'];
    if (named) return new S3Server(named, region, async () => undefined);
    // moto takes any keys, but the SDK sends nothing unsigned.
    process.env['AWS_ACCESS_KEY_ID'] ??= 'moto-key';
    process.env['AWS_SECRET_ACCESS_KEY'] ??= 'moto-secret';
    const moto = await startMoto();
    return new S3Server(moto.endpoint, region, () => moto.stop());
  }

  /** The name of a new, empty bucket. */
  async newBucket(): Promise<string> {
    const bucket = `slipway-test-${randomUUID()}`;
    await this.client.send(new CreateBucketCommand({ Bucket: bucket }));
    this.buckets.push(bucket);
    return bucket;
  }

  async stop(): Promise<void> {
    try {
      for (const bucket of this.buckets) await this.removeBucket(bucket);
    } finally {
      this.client.destroy();
      await this.end();
    }
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
