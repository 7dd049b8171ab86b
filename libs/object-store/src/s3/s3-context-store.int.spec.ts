import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { S3FaultProxy, S3Server, s3Error, type Fault } from '@slipway/testing';
import { hang, loseTheAnswer } from '../../test/s3-faults';
import { S3ContextStore, type S3ContextStoreOptions } from './s3-context-store';

const NAME = { tenant: 'acme', parser: 'hello', identity: '01'.repeat(32) };
const KEY = `build-context/acme/hello/${NAME.identity}/context.tar.gz`;
const ARCHIVE = Buffer.from('archive');

let server: S3Server;
let proxy: S3FaultProxy;
let bucket: string;
beforeAll(async () => {
  server = new S3Server();
  proxy = await S3FaultProxy.start({ target: server.endpoint });
});
afterAll(async () => {
  await proxy?.stop();
  await server?.close();
});
beforeEach(async () => {
  bucket = await server.newBucket();
  proxy.next();
});

function opened(options: Partial<S3ContextStoreOptions> = {}): S3ContextStore {
  return new S3ContextStore({
    endpoint: proxy.endpoint,
    region: server.region,
    forcePathStyle: true,
    bucket,
    ...options,
  });
}

describe('a context on S3', () => {
  it('is created once: later writers find it by its size and checksum and send it no second time', async () => {
    const methods: string[] = [];
    const noted: Fault = (request) => {
      methods.push(`${request.method} ${request.headers['if-none-match'] ?? ''}`.trim());
      return false;
    };
    proxy.next(noted, noted, noted);
    const first = await opened().put(NAME, ARCHIVE);
    expect(await opened().put(NAME, ARCHIVE)).toEqual(first);
    expect(methods).toEqual(['PUT *', 'PUT *', 'HEAD']);
  });

  it('is sent with the SHA-256 that the server has to check', async () => {
    let checksum: unknown;
    proxy.next((request) => {
      checksum = request.headers['x-amz-checksum-sha256'];
      return false;
    });
    const { sha256 } = await opened().put(NAME, ARCHIVE);
    expect(checksum).toBe(Buffer.from(sha256, 'hex').toString('base64'));
  });

  it.each([
    ['the server refuses', s3Error(503, 'SlowDown')],
    ['another write of the key is under way', s3Error(409, 'ConditionalRequestConflict')],
    ['the answer is lost', loseTheAnswer],
  ])('is there after all where %s at first', async (_, fault) => {
    proxy.next(fault);
    const reference = await opened().put(NAME, ARCHIVE);
    await expect(opened().grant(reference, 60)).resolves.toMatchObject({ sha256: reference.sha256 });
    expect(proxy.requests).toBeGreaterThan(2);
  });

  it('is granted by a URL that names its end and holds no secret', async () => {
    const grant = await opened().grant(await opened().put(NAME, ARCHIVE), 90);
    const url = new URL(grant.url);
    expect(url.pathname).toBe(`/${bucket}/${KEY}`);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('90');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host');
    expect(grant.url).not.toContain(process.env['AWS_SECRET_ACCESS_KEY']);
  });

  it('is tagged as told', async () => {
    const tags = { team: 'build + run = /x', 'cost:center': '1+1' };
    await opened({ tags }).put(NAME, ARCHIVE);
    const client = new S3Client({ endpoint: server.endpoint, region: server.region, forcePathStyle: true });
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: KEY }));
    client.destroy();
    expect(Object.fromEntries(TagSet!.map(({ Key, Value }) => [Key, Value]))).toEqual(tags);
  });

  it.each([
    ['source_denied', s3Error(403, 'AccessDenied'), 1],
    ['source_bucket_missing', s3Error(404, 'NoSuchBucket'), 1],
  ])('is not put, with %s and no second try', async (code, fault, requests) => {
    proxy.next(fault);
    await expect(opened().put(NAME, ARCHIVE)).rejects.toMatchObject({ code });
    expect(proxy.requests).toBe(requests);
  });

  it('is given up where the server never answers', async () => {
    proxy.next(hang, hang);
    const limits = { tries: 2, tryMs: 200 };
    await expect(opened({ limits }).put(NAME, ARCHIVE)).rejects.toMatchObject({ code: 'source_timeout' });
    expect(proxy.requests).toBe(2);
  });
});
