import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Family } from '@slipway/platform-local';
import { ProcessRegistry } from './process-registry';
import { silent } from './testing/functions';

function idle(mark: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => undefined, 60_000)'], {
    env: mark,
    detached: true,
    stdio: 'ignore',
  });
}

describe('the registry of function processes', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-registry-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('starts nothing that it cannot record', async () => {
    const registry = new ProcessRegistry(root, silent);
    await rm(root, { recursive: true });
    const started = jest.fn(idle);
    expect(() => registry.start(undefined, started)).toThrow('ENOENT');
    expect(started).not.toHaveBeenCalled();
  });

  it('finds a process by what was recorded before its start, when nothing could be recorded after it', async () => {
    const file = join(root, 'function-processes.json');
    const { child } = new ProcessRegistry(root, silent).start(undefined, idle);
    const ended = once(child, 'exit');
    // As it was at the moment of the start: without the leader, whom nobody knew yet.
    const [{ leader: _leader, ...recorded }] = JSON.parse(await readFile(file, 'utf8')) as [Family];
    await writeFile(file, JSON.stringify([recorded]));
    await expect(new ProcessRegistry(root, silent).endLeftovers()).resolves.toBe(1);
    await expect(ended).resolves.toEqual([null, 'SIGKILL']);
  });

  it('lives on when an end cannot be recorded', async () => {
    const warn = jest.fn();
    const registry = new ProcessRegistry(root, { ...silent, warn });
    const { child, family } = registry.start(undefined, idle);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await rm(root, { recursive: true });
    registry.remove(family);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
