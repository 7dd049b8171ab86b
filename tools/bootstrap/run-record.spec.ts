import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTimeOf } from './process-identity.ts';
import { RunRecord } from './run-record.ts';

describe('the record of what runs', () => {
  const self = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'slipway-record-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is found again by a later command, and read by its owner only', () => {
    const path = join(folder, 'run.json');
    new RunRecord(path).add({ name: 'api', port: 8080, ...self });
    new RunRecord(path).setAddresses({ api: 'http://127.0.0.1:8080' });
    expect(new RunRecord(path).running('api')?.port).toBe(8080);
    expect(new RunRecord(path).addresses().api).toBe('http://127.0.0.1:8080');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not call running what has ended', () => {
    const record = new RunRecord(join(folder, 'run.json'));
    record.add({ name: 'api', port: 8080, pid: process.pid, startTime: 'earlier' });
    expect(record.running('api')).toBeUndefined();
  });

  it('keeps one entry per name, the newest', () => {
    const record = new RunRecord(join(folder, 'run.json'));
    record.add({ name: 'api', port: 1, ...self });
    record.add({ name: 'api', port: 2, ...self });
    expect(record.processes().map(({ port }) => port)).toEqual([2]);
    record.remove('api');
    expect(record.processes()).toEqual([]);
  });
});
