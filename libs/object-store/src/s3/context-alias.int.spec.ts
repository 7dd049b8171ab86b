import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { S3FaultProxy, S3Server, s3Error } from '@slipway/testing';
import { after, loseTheAnswer, pass } from '../../test/s3-faults';
import { S3ContextStore, type S3ContextStoreOptions } from './s3-context-store';
import { S3ObjectStore } from './s3-object-store';

const ALIAS = 'build-context/hello/context.tar.gz';

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

function at(endpoint: string) {
  return { endpoint, region: server.region, forcePathStyle: true };
}

/** Puts the context of the build with this sequence, straight or through the proxy. */
function put(
  sequence: number,
  options: Partial<S3ContextStoreOptions> = {},
  tenant = 'hello',
): Promise<unknown> {
  const store = new S3ContextStore({ ...at(server.endpoint), bucket, alias: true, ...options });
  // A tenant called like the function: on some servers a key cannot lie below another one.
  const name = { tenant, parser: 'hello', identity: `${sequence}`.repeat(64), sequence };
  return store.put(name, Buffer.from(`context ${sequence}`));
}

async function aliased(): Promise<string> {
  return (await new S3ObjectStore(at(server.endpoint)).get(bucket, ALIAS, 100)).toString();
}

async function removeAlias(): Promise<void> {
  const client = new S3Client(at(server.endpoint));
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: ALIAS }));
  client.destroy();
}

describe('the alias of a function’s contexts', () => {
  it.each([
    { order: [1, 2], held: 2 },
    { order: [2, 1], held: 2 },
    { order: [2, 2], held: 2 },
  ])('holds the context of build $held after the builds $order', async ({ order, held }) => {
    for (const sequence of order) await put(sequence);
    expect(await aliased()).toBe(`context ${held}`);
  });

  it.each([
    { before: [], slow: 1, quick: 2, held: 2 },
    { before: [], slow: 2, quick: 1, held: 2 },
    { before: [1], slow: 2, quick: 3, held: 3 },
    { before: [1], slow: 3, quick: 2, held: 3 },
  ])(
    'holds that of build $held where $slow has looked, after $before, before $quick wrote',
    async ({ before, slow, quick, held }) => {
      for (const sequence of before) await put(sequence);
      // Its context is written, and its look at the alias done.
      proxy.next(
        pass,
        pass,
        after(() => put(quick)),
      );
      await put(slow, at(proxy.endpoint));
      expect(await aliased()).toBe(`context ${held}`);
    },
  );

  it('is written again where somebody has removed it meanwhile', async () => {
    await put(1);
    proxy.next(pass, pass, after(removeAlias));
    await put(2, at(proxy.endpoint));
    expect(await aliased()).toBe('context 2');
  });

  it('is written where the first answer is lost', async () => {
    proxy.next(pass, pass, loseTheAnswer);
    await put(1, at(proxy.endpoint));
    expect(await aliased()).toBe('context 1');
  });

  it('takes the place of an object that names no sequence', async () => {
    await new S3ObjectStore(at(server.endpoint)).put(bucket, ALIAS, Buffer.from('by hand'));
    await put(1);
    expect(await aliased()).toBe('context 1');
  });

  it('is no context of the list', async () => {
    await put(1);
    const store = new S3ContextStore({ ...at(server.endpoint), bucket });
    const keys = [];
    for await (const { key } of store.list()) keys.push(key);
    expect(keys).toEqual([`build-context/hello/hello/${'1'.repeat(64)}/context.tar.gz`]);
  });

  it('is not there where it is switched off', async () => {
    await put(1, { alias: false });
    await expect(aliased()).rejects.toMatchObject({ code: 'source_missing' });
  });

  it('is given up at the total time limit where others always come first, and its build goes on', async () => {
    const others = Array.from({ length: 1_000 }, () => [pass, s3Error(412, 'PreconditionFailed')]);
    proxy.next(pass, ...others.flat());
    const failures: unknown[] = [];
    const onAliasFailure = (error: unknown): void => void failures.push(error);
    await put(1, { ...at(proxy.endpoint), limits: { totalMs: 300 }, onAliasFailure });
    expect(failures).toEqual([expect.objectContaining({ code: 'source_timeout' })]);
    await expect(aliased()).rejects.toMatchObject({ code: 'source_missing' });
  });

  it('stays with the tenant that came first', async () => {
    await put(1);
    await put(5, {}, 'other');
    expect(await aliased()).toBe('context 1');
    await put(2);
    expect(await aliased()).toBe('context 2');
  });

  it('is written for a context that is stored already', async () => {
    const store = new S3ContextStore({ ...at(server.endpoint), bucket, alias: true });
    const name = { tenant: 'hello', parser: 'hello', identity: '1'.repeat(64) };
    const reference = await store.put({ ...name, sequence: 1 }, Buffer.from('context 1'));
    await put(2);
    expect(await store.renew({ ...name, sequence: 3 }, reference)).toBe(true);
    expect(await aliased()).toBe('context 1');
  });
});
