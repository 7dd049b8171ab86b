import { S3FaultProxy, S3Server, s3Error, type Fault } from '@slipway/testing';
import { cut, damaged, endless, hang, otherRegion, reset, stall } from '../../test/s3-faults';
import { S3ObjectStore } from './s3-object-store';
import type { S3Limits } from './s3-requests';

const KEY = 'global/parser/hello';
const CONTENT = 'the whole content';

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
  // What the test before has not used up must not meet this one.
  proxy.next();
  bucket = await server.newBucket();
  await opened().put(bucket, KEY, Buffer.from(CONTENT));
  proxy.next();
});

function opened(limits: Partial<S3Limits> = {}): S3ObjectStore {
  return new S3ObjectStore({ endpoint: proxy.endpoint, region: server.region, forcePathStyle: true, limits });
}

async function etag(): Promise<string> {
  return (await opened().list(bucket, KEY, 1))[0]!.etag;
}

describe('reading an object from S3', () => {
  it.each([
    ['source_missing', s3Error(404, 'NoSuchKey')],
    ['source_bucket_missing', s3Error(404, 'NoSuchBucket')],
    ['source_denied', s3Error(403, 'AccessDenied')],
    ['source_denied', s3Error(403, 'SignatureDoesNotMatch')],
    ['source_denied', s3Error(400, 'ExpiredToken')],
    ['source_too_large', endless],
  ])('fails with %s at once, because asking again cannot help', async (code, fault) => {
    proxy.next(fault);
    await expect(opened().get(bucket, KEY, 100_000)).rejects.toMatchObject({ code });
    expect(proxy.requests).toBe(1);
  });

  it.each([
    ['source_throttled', s3Error(503, 'SlowDown')],
    ['source_throttled', s3Error(503, 'ServiceUnavailable')],
    ['source_unreachable', s3Error(500, 'InternalError')],
    ['source_unreachable', reset],
    ['source_truncated', cut('half', 100, '"e"')],
    ['source_truncated', damaged],
    ['source_timeout', hang],
    ['source_timeout', stall],
  ])('fails with %s after the last try', async (code, fault) => {
    const limits = { tries: 2, tryMs: 200 };
    // A body that broke once is asked for by its version, which the proxy has made up: each try is broken alike.
    proxy.next(fault, fault);
    await expect(opened(limits).get(bucket, KEY, 1_000)).rejects.toMatchObject({ code });
    expect(proxy.requests).toBe(2);
  });

  it.each([
    ['refusal', s3Error(503, 'SlowDown')],
    ['failure', s3Error(500, 'InternalError')],
    ['broken connection', reset],
    ['damaged body', damaged],
  ])('survives one %s', async (_, fault) => {
    proxy.next(fault);
    expect((await opened().get(bucket, KEY, 1_000)).toString()).toBe(CONTENT);
    expect(proxy.requests).toBe(2);
  });

  it('asks for the rest of the same version after a broken transfer', async () => {
    const version = await etag();
    const asked: unknown[] = [];
    const noted: Fault = ({ headers }) => {
      asked.push([headers['range'], headers['if-match']]);
      return false;
    };
    proxy.next(cut('the whole', CONTENT.length, version), noted);
    expect((await opened().get(bucket, KEY, 1_000)).toString()).toBe(CONTENT);
    expect(asked).toEqual([['bytes=9-', version]]);
  });

  it('never puts two versions of an object together', async () => {
    const version = await etag();
    await opened().put(bucket, KEY, Buffer.from('THE NEXT CONTENT!'));
    proxy.next(cut('the whole', CONTENT.length, version));
    await expect(opened().get(bucket, KEY, 1_000)).rejects.toMatchObject({ code: 'source_changed' });
    expect(proxy.requests).toBe(2);
  });

  it('ends at the total time limit, however many tries are left', async () => {
    const limits = { tries: 1_000, tryMs: 50, totalMs: 300 };
    proxy.next(...Array.from({ length: 1_000 }, () => hang));
    await expect(opened(limits).get(bucket, KEY, 1_000)).rejects.toMatchObject({ code: 'source_timeout' });
    expect(proxy.requests).toBeLessThan(20);
  });

  it('says which object of which bucket is missing', async () => {
    const message = `source file not found: ${bucket}/no/such`;
    await expect(opened().get(bucket, 'no/such', 1)).rejects.toMatchObject({ message });
    const elsewhere = expect.stringContaining('source file not found: no-such-bucket/no/such');
    await expect(opened().get('no-such-bucket', 'no/such', 1)).rejects.toMatchObject({
      code: 'source_bucket_missing',
      message: elsewhere,
    });
  });

  it.each([
    [301, 'PermanentRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
  ])('says where the bucket lies that another region answers for with %i %s', async (status, code) => {
    proxy.next(otherRegion(status, code, 'eu-west-1'));
    await expect(opened().get(bucket, KEY, 1)).rejects.toMatchObject({
      code: 'source_bucket_missing',
      message: expect.stringContaining('lies in the region eu-west-1'),
    });
    expect(proxy.requests).toBe(1);
  });

  it('fails alike when listing and when writing', async () => {
    proxy.next(s3Error(403, 'AccessDenied'), s3Error(403, 'AccessDenied'));
    await expect(opened().list(bucket, 'p/', 10)).rejects.toMatchObject({ code: 'source_denied' });
    await expect(opened().put(bucket, KEY, Buffer.from('x'))).rejects.toMatchObject({
      code: 'source_denied',
    });
  });

  it('cannot reach a server where nobody listens', async () => {
    const nobody = new S3ObjectStore({
      endpoint: 'http://127.0.0.1:9',
      forcePathStyle: true,
      limits: { tries: 2 },
    });
    await expect(nobody.get(bucket, KEY, 10)).rejects.toMatchObject({ code: 'source_unreachable' });
  });
});
