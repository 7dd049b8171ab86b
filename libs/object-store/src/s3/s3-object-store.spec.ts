import { describeObjectStore } from '@slipway/testing';
import { S3Double, fault, type Fault } from '../../test/s3-double';
import { S3ObjectStore } from './s3-object-store';

const KEY = 'global/parser/hello';

let double: S3Double;
const environment = { ...process.env };
beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  double = await S3Double.start();
});
afterAll(async () => {
  process.env = environment;
  await double.stop();
});
beforeEach(() => double.empty());

function opened(requestTimeoutMs?: number): S3ObjectStore {
  return new S3ObjectStore({ endpoint: double.endpoint, forcePathStyle: true, requestTimeoutMs });
}

describeObjectStore('S3', async () => opened());

/** Takes the request and never answers. */
const hang: Fault = () => true;
/** Announces more than it sends. */
const cut: Fault = (_request, response) => {
  response.writeHead(200, { 'content-length': 100 }).write('half');
  response.socket?.end();
  return true;
};
/** Sends the beginning and then nothing. */
const stall: Fault = (_request, response) => {
  response.writeHead(200, { 'content-length': 100 }).write('half');
  return true;
};
const endless: Fault = (_request, response) => {
  response.writeHead(200, { 'transfer-encoding': 'chunked' });
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
  return true;
};

describe('S3 as an object store that fails', () => {
  it.each([
    ['source_missing', [fault(404, 'NoSuchBucket')], 1],
    ['source_denied', [fault(403, 'AccessDenied')], 1],
    ['source_denied', [fault(403, 'SignatureDoesNotMatch')], 1],
    ['source_unreachable', [fault(503, 'SlowDown'), fault(503, 'SlowDown'), fault(503, 'SlowDown')], 3],
    [
      'source_unreachable',
      [fault(500, 'InternalError'), fault(500, 'InternalError'), fault(500, 'InternalError')],
      3,
    ],
    ['source_unreachable', [cut], 1],
    ['source_too_large', [endless], 1],
  ] as const)('fails with %s', async (code, faults, requests) => {
    double.next(...faults);
    await expect(opened().get('sources', KEY, 100_000)).rejects.toMatchObject({ code });
    expect(double.requests).toBe(requests);
  });

  it('names the bucket and key that was not found', async () => {
    const message = `source file not found: sources/${KEY}`;
    await expect(opened().get('sources', KEY, 1)).rejects.toMatchObject({ message });
  });

  it('tries again what may pass', async () => {
    await opened().put('sources', KEY, Buffer.from('x'));
    double.next(fault(503, 'SlowDown'));
    expect((await opened().get('sources', KEY, 10)).toString()).toBe('x');
  });

  it.each([
    ['never answers', [hang, hang, hang]],
    ['stalls in the body', [stall]],
  ])('gives up on a server that %s', async (_, faults) => {
    double.next(...faults);
    await expect(opened(100).get('sources', KEY, 1000)).rejects.toMatchObject({ code: 'source_unreachable' });
  });

  it('gives up on lists and on writing alike', async () => {
    double.next(fault(403, 'AccessDenied'), fault(403, 'AccessDenied'));
    await expect(opened().list('sources', 'p/', 10)).rejects.toMatchObject({ code: 'source_denied' });
    await expect(opened().put('sources', KEY, Buffer.from('x'))).rejects.toMatchObject({
      code: 'source_denied',
    });
  });

  it('cannot be reached where nobody listens', async () => {
    const nobody = new S3ObjectStore({ endpoint: 'http://127.0.0.1:9', forcePathStyle: true });
    await expect(nobody.get('sources', KEY, 10)).rejects.toMatchObject({ code: 'source_unreachable' });
  });
});
