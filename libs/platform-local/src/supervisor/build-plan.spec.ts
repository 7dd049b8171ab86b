import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { stateFolder } from '../../test/state-folder';
import { plannedRuntime } from './build-plan';

describe('plannedRuntime', () => {
  let root: string;
  let remove: () => Promise<void>;

  beforeEach(async () => ({ root, remove } = await stateFolder()));
  afterEach(() => remove());

  async function archive(files: Record<string, string>): Promise<string> {
    const tar = pack();
    for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    await writeFile(join(root, 'context.tar.gz'), gzipSync(Buffer.concat(chunks)));
    return join(root, 'context.tar.gz');
  }

  it('finds what the plan in the archive says', async () => {
    const plan = JSON.stringify({ runtime: { family: 'nodejs', version: '24' } });
    const path = await archive({ 'index.js': 'x'.repeat(100_000), '.slipway/plan.json': plan, 'z.js': '' });
    await expect(plannedRuntime(path)).resolves.toEqual({ family: 'nodejs', version: '24' });
  });

  it.each<[string, Record<string, string>]>([
    ['no plan', { 'index.js': '' }],
    [
      'a version that is a path',
      { '.slipway/plan.json': '{"runtime":{"family":"nodejs","version":"../x"}}' },
    ],
    ['a plan that is too large', { '.slipway/plan.json': `"${'x'.repeat(70_000)}"` }],
  ])('gives nothing for %s', async (_what, files) => {
    await expect(plannedRuntime(await archive(files))).resolves.toBeUndefined();
  });

  it('fails on what is no archive', async () => {
    await writeFile(join(root, 'context.tar.gz'), 'no gzip');
    await expect(plannedRuntime(join(root, 'context.tar.gz'))).rejects.toThrow();
  });
});
