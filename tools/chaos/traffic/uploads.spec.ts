import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uploads } from './uploads.ts';

describe('the uploads', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'uploads-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('write the files of a key, and write no key twice', async () => {
    const uploads = new Uploads(folder);
    const key = 'tenants/acme/one';
    await uploads.ensure([{ key, files: { 'index.js': 'first', 'lib/a.js': 'a' } }]);
    expect(readFileSync(join(folder, key, 'lib/a.js'), 'utf8')).toBe('a');
    writeFileSync(join(folder, key, 'index.js'), 'in use');
    await uploads.ensure([{ key, files: { 'index.js': 'first' } }]);
    expect(readFileSync(join(folder, key, 'index.js'), 'utf8')).toBe('in use');
  });

  it('fail where the folder cannot be written', async () => {
    writeFileSync(join(folder, 'tenants'), 'a file in the way');
    await expect(new Uploads(folder).ensure([{ key: 'tenants/x', files: { a: '' } }])).rejects.toThrow();
  });
});
