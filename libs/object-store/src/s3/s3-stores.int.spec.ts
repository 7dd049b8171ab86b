import {
  S3FaultProxy,
  S3Server,
  describeContextStore,
  describeObjectStore,
  eventually,
} from '@slipway/testing';
import { S3ContextStore } from './s3-context-store';
import { S3ObjectStore } from './s3-object-store';

let server: S3Server;
let proxy: S3FaultProxy;
beforeAll(async () => {
  server = new S3Server();
  proxy = await S3FaultProxy.start({
    target: server.endpoint,
    delayMs: 30,
    refused: { share: 0.05, seed: 'a slow server that refuses now and then' },
  });
});
afterAll(async () => {
  await proxy?.stop();
  await server?.close();
});

/** Follows a URL as a builder would, which comes again after a refusal. */
function read(url: string): Promise<Buffer> {
  return eventually(`an answer from ${new URL(url).pathname}`, async () => {
    const response = await fetch(url);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status === 503) return undefined;
    expect(response.status).toBe(200);
    return bytes;
  });
}

describe.each([
  ['an S3 server', () => server.endpoint],
  ['an S3 server that is slow and refuses one request in twenty', () => proxy.endpoint],
])('%s', (name, endpoint) => {
  const options = () => ({ endpoint: endpoint(), region: server.region, forcePathStyle: true });

  describeObjectStore(name, async () => ({
    store: new S3ObjectStore({ ...options(), pageSize: 2 }),
    bucket: await server.newBucket(),
  }));

  describeContextStore(
    name,
    async () => new S3ContextStore({ ...options(), bucket: await server.newBucket() }),
    read,
  );
});

it('the slow server has indeed refused requests', () => {
  expect(proxy.refused).toBeGreaterThan(0);
});
