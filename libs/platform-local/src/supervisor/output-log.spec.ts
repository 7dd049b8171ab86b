import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { stateFolder } from '../../test/state-folder';
import { OutputLog } from './output-log';

describe('OutputLog', () => {
  let root: string;
  let remove: () => Promise<void>;

  beforeEach(async () => ({ root, remove } = await stateFolder()));
  afterEach(() => remove());

  async function logged(text: string[], limit: number): Promise<{ log: OutputLog; file: string }> {
    const log = new OutputLog(join(root, 'log'), limit);
    const stream = Readable.from(text.map((each) => Buffer.from(each)));
    log.take(stream);
    await new Promise((resolve) => stream.on('close', resolve));
    await log.close();
    return { log, file: await readFile(join(root, 'log'), 'utf8') };
  }

  it('writes all of it, and keeps first and last lines that came in pieces', async () => {
    const { log, file } = await logged(['one\ntw', 'o\nthree'], 1000);
    expect(file).toBe('one\ntwo\nthree');
    expect([log.head, log.tail]).toEqual([
      ['one', 'two'],
      ['one', 'two', 'three'],
    ]);
  });

  it('leaves out what is too much, says so, and ends with the last lines', async () => {
    const { file } = await logged(['first\n', 'x'.repeat(100), '\nlast\n'], 50);
    expect(file).toMatch(/^first\n\nlast\n\n… about 100 bytes left out …\n[^]*\nlast\n$/);
  });

  it('keeps a bounded number of lines of endless output', async () => {
    const { log } = await logged(
      [Array.from({ length: 5_000 }, (_, index) => `line ${index}`).join('\n')],
      1_000_000,
    );
    expect([log.head.length, log.tail.length, log.tail.at(-1)]).toEqual([40, 200, 'line 4999']);
  });
});
