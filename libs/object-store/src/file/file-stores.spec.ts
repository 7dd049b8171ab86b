import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeContextStore, describeObjectStore } from '@slipway/testing';
import { FileContextStore } from './file-context-store';
import { FileObjectStore } from './file-object-store';

const NAME = { tenant: 'acme', parser: 'hello', identity: '01'.repeat(32) };

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  root = join(folder, 'root');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describeObjectStore('a folder', async () => ({ store: new FileObjectStore({ root }), bucket: 'sources' }));
describeContextStore(
  'a folder',
  async () => new FileContextStore({ root }),
  async (url) => readFile(fileURLToPath(url)),
);

describe('objects as files', () => {
  it.each([
    ['sources', '../evil'],
    ['sources', 'a/../../evil'],
    ['sources', '/etc/passwd'],
    ['sources', 'a//b'],
    ['sources', 'a/./b'],
    ['sources', 'a/'],
    ['sources', ''],
    ['sources', 'a\0b'],
    ['sources', 'k'.repeat(1025)],
    ['..', 'a'],
    ['', 'a'],
    ['a/b', 'c'],
    ['.hidden', 'c'],
    ['Sources', 'c'],
  ])('refuse %j/%j, and write nothing', async (bucket, key) => {
    const store = new FileObjectStore({ root });
    await expect(store.get(bucket, key, 10)).rejects.toMatchObject({ code: 'source_denied' });
    await expect(store.put(bucket, key, Buffer.from('x'))).rejects.toMatchObject({ code: 'source_denied' });
    expect(existsSync(root)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuse to list outside the bucket', async () => {
    const store = new FileObjectStore({ root });
    await expect(store.list('sources', '../', 10)).rejects.toMatchObject({ code: 'source_denied' });
    await expect(store.list('..', 'a/', 10)).rejects.toMatchObject({ code: 'source_denied' });
  });

  it('do not follow links, neither of files nor of folders', async () => {
    const store = new FileObjectStore({ root });
    await store.put('sources', 'plain', Buffer.from('x'));
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(root, 'sources', 'file'));
    await symlink(folder, join(root, 'sources', 'linked'));
    await expect(store.get('sources', 'file', 10)).rejects.toMatchObject({ code: 'source_denied' });
    await expect(store.get('sources', 'linked/secret', 10)).rejects.toMatchObject({ code: 'source_denied' });
    await expect(store.list('sources', 'linked/', 10)).rejects.toMatchObject({ code: 'source_denied' });
    await expect(store.put('sources', 'linked/evil', Buffer.from('x'))).rejects.toMatchObject({
      code: 'source_denied',
    });
    expect((await store.list('sources', '', 10)).map(({ key }) => key)).toEqual(['plain']);
  });

  it('do not wait for a named pipe', async () => {
    await mkdir(join(root, 'sources'), { recursive: true });
    execFileSync('/usr/bin/mkfifo', [join(root, 'sources', 'pipe')]);
    await expect(new FileObjectStore({ root }).get('sources', 'pipe', 10)).rejects.toMatchObject({
      code: 'source_missing',
    });
  });

  it('leave no file behind that was being written, and do not list one', async () => {
    const store = new FileObjectStore({ root });
    await mkdir(join(root, 'sources', 'taken', 'inside'), { recursive: true });
    await expect(store.put('sources', 'taken', Buffer.from('x'))).rejects.toMatchObject({
      code: 'source_missing',
    });
    expect(readdirSync(join(root, 'sources'))).toEqual(['taken']);
    await writeFile(join(root, 'sources', '.00000000-0000-4000-8000-000000000000.tmp'), 'half');
    expect(await store.list('sources', '', 10)).toEqual([]);
  });
});

describe('contexts as files', () => {
  it('mend what a disk has damaged, and refuse to grant it before', async () => {
    const store = new FileContextStore({ root });
    const reference = await store.put(NAME, Buffer.from('whole'));
    const grant = await store.grant(reference);
    await writeFile(fileURLToPath(grant.url), 'half');
    await expect(store.grant(reference)).rejects.toMatchObject({ code: 'source_invalid' });
    await store.put(NAME, Buffer.from('whole'));
    await expect(store.grant(reference)).resolves.toEqual(grant);
  });

  it('refuse a name that leads out', async () => {
    const name = { ...NAME, tenant: '../..' };
    await expect(new FileContextStore({ root }).put(name, Buffer.from('x'))).rejects.toMatchObject({
      code: 'source_denied',
    });
  });
});
