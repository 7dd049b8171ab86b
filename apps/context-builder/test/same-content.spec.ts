import { buffer } from 'node:stream/consumers';
import { identityOf, type SourceSpec } from '@slipway/domain';
import { loadRuntimes, runtimesFolder } from '@slipway/runtimes';
import { SourceReader, packContext } from '@slipway/sources';
import { MemoryObjectStore } from '@slipway/testing';
import { TarArchive, ZipArchive, type Archiver } from 'archiver';
import { ContextPlanner } from '../src/prepare-context/planner';

const BUCKET = 'slipway-sources';
const FILES = {
  'parser.js': "module.exports = () => require('./lib/greeting');\n",
  'lib/greeting.js': "module.exports = 'Grüße';\n",
  'package.json': '{ "name": "greet", "version": "1.0.0" }\n',
};

interface Circumstances {
  names: string[];
  date: Date;
  mode: number;
  folder: string;
}

const HERE: Circumstances = { names: Object.keys(FILES), date: new Date(0), mode: 0o644, folder: '' };

async function packed(archive: Archiver, { names, date, mode, folder }: Circumstances): Promise<Buffer> {
  for (const name of names) {
    const content = Buffer.from(FILES[name as keyof typeof FILES]);
    archive.append(content, { name: folder + name, date, mode });
  }
  const [bytes] = await Promise.all([buffer(archive), archive.finalize()]);
  return bytes;
}

const tar = (circumstances: Partial<Circumstances> = {}): Promise<Buffer> =>
  packed(new TarArchive({ gzip: true }), { ...HERE, ...circumstances });
const zip = (circumstances: Partial<Circumstances> = {}): Promise<Buffer> =>
  packed(new ZipArchive({}), { ...HERE, ...circumstances });

describe('the same content', () => {
  const objects = new MemoryObjectStore();
  const reader = new SourceReader({ objects, buckets: [BUCKET] });
  const planner = new ContextPlanner(loadRuntimes(runtimesFolder()));

  async function contextOf(source: SourceSpec): Promise<{ identity: string; sha256: string }> {
    const { entries } = await reader.fetch(source);
    const planned = planner.plan(entries, 'nodejs24', undefined);
    const identity = identityOf({ tenant: 'acme', platform: 'local', builder: 'host', ...planned });
    return { identity, sha256: (await packContext(planned.entries)).sha256 };
  }

  async function object(key: string, bytes: Buffer): Promise<SourceSpec> {
    await objects.put(BUCKET, key, bytes);
    return { kind: 'object', bucket: BUCKET, key };
  }

  const inline = (files: Record<string, string>): SourceSpec => ({ kind: 'inline', files });
  const turned = Object.fromEntries(Object.entries(FILES).reverse());

  it.each<[string, () => Promise<SourceSpec>]>([
    ['inline in another order', async () => inline(turned)],
    ['a tar archive', async () => object('global/parser/a.tar.gz', await tar())],
    [
      'a tar archive of another time, owner, mode and order',
      async () =>
        object(
          'global/parser/b.tar.gz',
          await tar({ date: new Date(2e12), mode: 0o600, names: [...HERE.names].reverse() }),
        ),
    ],
    [
      'a tar archive whose files lie below one folder',
      async () => object('global/parser/c.tar.gz', await tar({ folder: 'greet-main/' })),
    ],
    ['a zip archive', async () => object('global/parser/d.zip', await zip())],
    [
      'a zip archive of another time',
      async () => object('global/parser/e.zip', await zip({ date: new Date(1.7e12) })),
    ],
    [
      'a folder of objects',
      async () => {
        for (const [name, text] of Object.entries(turned))
          await objects.put(BUCKET, `global/parser/folder/${name}`, Buffer.from(text));
        return { kind: 'object', bucket: BUCKET, key: 'global/parser/folder' };
      },
    ],
  ])('has one identity and one archive as %s', async (_, source) => {
    expect(await contextOf(await source())).toEqual(await contextOf(inline(FILES)));
  });

  it.each<[string, Record<string, string>]>([
    ['another text', { ...FILES, 'lib/greeting.js': "module.exports = 'Gruss';\n" }],
    ['another name', { ...FILES, 'lib/extra.js': '' }],
    ['another manifest', { ...FILES, 'package.json': '{ "name": "greet", "version": "1.0.1" }\n' }],
  ])('is no longer the same with %s', async (_, files) => {
    const [one, other] = [await contextOf(inline(FILES)), await contextOf(inline(files))];
    expect(other.identity).not.toBe(one.identity);
    expect(other.sha256).not.toBe(one.sha256);
  });

  it('is another one on another base image', async () => {
    const { entries } = await reader.fetch(inline(FILES));
    const mirrored = new ContextPlanner(loadRuntimes(runtimesFolder()), {
      NODE_BASE_IMAGE: 'mirror.local/node:{version}',
    }).plan(entries, 'nodejs24', undefined);
    expect(mirrored.baseImage).toBe('mirror.local/node:24');
    const identities = [mirrored, planner.plan(entries, 'nodejs24', undefined)].map((planned) =>
      identityOf({ tenant: 'acme', platform: 'local', builder: 'host', ...planned }),
    );
    expect(new Set(identities).size).toBe(2);
  });

  it('is another one under another version of its language, because that is part of what is built', async () => {
    const { entries } = await reader.fetch(inline(FILES));
    const identities = ['nodejs22', 'nodejs24'].map((runtime) =>
      identityOf({
        tenant: 'acme',
        platform: 'local',
        builder: 'host',
        ...planner.plan(entries, runtime, undefined),
      }),
    );
    expect(new Set(identities).size).toBe(2);
  });
});
