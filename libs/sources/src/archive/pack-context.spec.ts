import { gunzipSync } from 'node:zlib';
import { packContext } from './pack-context';

const ENTRIES = [
  { path: 'b.js', executable: false, content: Buffer.from('b') },
  { path: 'a/run.sh', executable: true, content: Buffer.from('a') },
  { path: 'ä.txt', executable: false, content: Buffer.alloc(0) },
];

describe('packing a context', () => {
  it('gives the same bytes each time, whatever the order of the entries', async () => {
    const one = await packContext(ENTRIES);
    const two = await packContext([...ENTRIES].reverse());
    expect(two.sha256).toBe(one.sha256);
    expect(two.archive.equals(one.archive)).toBe(true);
  });

  it('gives the bytes that it always gave, whatever the Node and the processor', async () => {
    const text = Array.from({ length: 20_000 }, (_, n) => n * n).join(' ');
    const { sha256 } = await packContext([
      ...ENTRIES,
      { path: 'c.txt', executable: false, content: Buffer.from(text) },
    ]);
    expect(sha256).toBe('a34918ae226eecd1e398637375a2579da1cc73e960def779edbf5934f54d7eaa');
  });

  it('writes fixed times, owners and modes', async () => {
    const { archive } = await packContext(ENTRIES);
    expect(archive.readUInt32LE(4)).toBe(0);
    const tar = gunzipSync(archive);
    expect(tar.toString('utf8', 0, 8)).toBe('a/run.sh');
    expect(tar.toString('ascii', 100, 107)).toBe('000755 ');
    expect(tar.toString('ascii', 108, 115)).toMatch(/^0+ ?$/);
    expect(tar.toString('ascii', 136, 147)).toBe('00000000000');
  });
});
