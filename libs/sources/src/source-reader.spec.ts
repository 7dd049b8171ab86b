import type { SourceSpec } from '@slipway/domain';
import { MemoryObjectStore } from '@slipway/testing';
import { handmadeTar } from '../test/handmade-tar';
import { handmadeZip } from '../test/handmade-zip';
import { LoopbackServer } from '../test/loopback-server';
import type { SourceLimits } from './limits';
import { SourceReader } from './source-reader';

const BUCKET = 'sources';
let objects: MemoryObjectStore;
beforeEach(() => void (objects = new MemoryObjectStore()));

function reader(limits: Partial<SourceLimits> = {}, httpHosts: string[] = []): SourceReader {
  return new SourceReader({ objects, buckets: [BUCKET], httpHosts, limits });
}

async function files(
  source: SourceSpec,
  limits: Partial<SourceLimits> = {},
): Promise<Record<string, string>> {
  const { entries } = await reader(limits).fetch(source);
  return Object.fromEntries(entries.map(({ path, content }) => [path, content.toString()]));
}

const object = (key: string, bucket = BUCKET): SourceSpec => ({ kind: 'object', bucket, key });
const put = (key: string, content: string | Buffer): Promise<void> =>
  objects.put(BUCKET, key, Buffer.from(content));

describe('a source in the object store', () => {
  it('is one file under its own name, and says so where the name tells no language', async () => {
    await put('global/parser/hello', 'code');
    const { entries, notes, revision } = await reader().fetch(object('global/parser/hello'));
    expect(entries).toEqual([{ path: 'hello', executable: false, content: Buffer.from('code') }]);
    expect(notes).toEqual([expect.stringContaining('"hello"')]);
    expect(revision).toBe('sources/global/parser/hello');
  });

  it('is all that lies below the key where there is no such object', async () => {
    await put('global/parser/hello/index.js', 'a');
    await put('global/parser/hello/lib/b.js', 'b');
    await put('global/parser/hello/lib/', '');
    await put('global/parser/hello-other/index.js', 'c');
    const expected = { 'index.js': 'a', 'lib/b.js': 'b' };
    expect(await files(object('global/parser/hello'))).toEqual(expected);
    expect(await files(object('global/parser/hello/'))).toEqual(expected);
  });

  it('is read from an archive by its name', async () => {
    await put('tenants/acme/app.tar.gz', handmadeTar([{ name: 'index.js', content: 'a' }]));
    await put('tenants/acme/app.zip', handmadeZip([{ name: 'index.js', content: 'b' }]));
    expect(await files(object('tenants/acme/app.tar.gz'))).toEqual({ 'index.js': 'a' });
    expect(await files(object('tenants/acme/app.zip'))).toEqual({ 'index.js': 'b' });
  });

  it('is missing by its whole name where there is neither', async () => {
    const message = 'source file not found: sources/global/parser/none';
    await expect(files(object('global/parser/none'))).rejects.toMatchObject({
      code: 'source_missing',
      message,
    });
  });

  it.each([
    ['global/parser/../secret', BUCKET],
    ['global/parser/', BUCKET],
    ['global/parser', BUCKET],
    ['global/parser/a//b', BUCKET],
    ['global/parser/a\0', BUCKET],
    ['global/other/a', BUCKET],
    ['build-context/acme/x/context.tar.gz', BUCKET],
    ['tenants/acme/', BUCKET],
    ['tenants/../x/a', BUCKET],
    ['/global/parser/a', BUCKET],
    ['', BUCKET],
    ['global/parser/a', 'contexts'],
  ])('is denied at %j of bucket %s', async (key, bucket) => {
    await expect(files(object(key, bucket))).rejects.toMatchObject({ code: 'source_denied' });
  });

  it('stops at the limits before it reads what is too much', async () => {
    await put('global/parser/a/1', 'xx');
    await put('global/parser/a/2', 'xx');
    const code = 'source_too_large';
    await expect(files(object('global/parser/a'), { entries: 1 })).rejects.toMatchObject({ code });
    await expect(files(object('global/parser/a'), { totalBytes: 3 })).rejects.toMatchObject({ code });
    await expect(files(object('global/parser/a'), { fileBytes: 1 })).rejects.toMatchObject({ code });
    await expect(files(object('global/parser/a/1'), { totalBytes: 1 })).rejects.toMatchObject({ code });
  });

  it.each(['source_denied', 'source_unreachable'] as const)('passes %s on', async (code) => {
    objects.failNext(code);
    await expect(files(object('global/parser/a'))).rejects.toMatchObject({ code });
  });
});

describe('a source in the event itself', () => {
  it('is taken file by file', async () => {
    expect(await files({ kind: 'inline', files: { 'index.js': 'a', 'lib/b.js': 'ä' } })).toEqual({
      'index.js': 'a',
      'lib/b.js': 'ä',
    });
  });

  it.each(['../evil', '/etc/evil', 'a\\b', '.git/config', 'a/../b', 'lone\ud800'])(
    'is refused with the path %j',
    async (path) => {
      await expect(files({ kind: 'inline', files: { [path]: 'x' } })).rejects.toMatchObject({
        code: 'source_invalid',
      });
    },
  );

  it('is refused without a file, and above the limits', async () => {
    await expect(files({ kind: 'inline', files: {} })).rejects.toMatchObject({ code: 'source_invalid' });
    await expect(files({ kind: 'inline', files: { a: 'ää' } }, { fileBytes: 3 })).rejects.toMatchObject({
      code: 'source_too_large',
    });
  });
});

describe('a source behind a URL', () => {
  it('is read from the archive there, and known by its ETag', async () => {
    const archive = handmadeZip([{ name: 'repo/index.js', content: 'a' }]);
    const server = await LoopbackServer.start(
      (_request, response) => void response.setHeader('etag', '"1"').end(archive),
    );
    try {
      const url = `http://127.0.0.1:${server.port}/repo.zip`;
      const { entries, revision } = await reader({}, [`127.0.0.1:${server.port}`]).fetch({
        kind: 'archive',
        url,
      });
      expect(entries.map(({ path }) => path)).toEqual(['index.js']);
      expect(revision).toBe(`${url} "1"`);
    } finally {
      await server.stop();
    }
  });
});

it('a source in a git repository is fetched from allowed addresses alone', async () => {
  await expect(files({ kind: 'git', url: 'https://10.0.0.1/acme/hello.git' })).rejects.toMatchObject({
    code: 'source_url_refused',
  });
});
