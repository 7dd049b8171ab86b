import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from './lock.ts';

describe('the lock of a clone', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'slipway-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is refused while its holder runs, and free again when given back', () => {
    const path = join(folder, 'lock');
    const release = takeLock(path, (pid) => `held by ${pid}`);
    expect(() => takeLock(path, (pid) => `held by ${pid}`)).toThrow(`held by ${process.pid}`);
    release();
    takeLock(path, () => 'held')();
  });

  it('is taken over from a holder that has ended', () => {
    const path = join(folder, 'lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, startTime: 'long ago' }));
    expect(() => takeLock(path, () => 'held')).not.toThrow();
  });
});
