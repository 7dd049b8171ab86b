import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAlive, startTimeOf } from './process-identity.ts';
import { terminate } from './terminate.ts';

async function startProgram(code: string) {
  const child = spawn(process.execPath, ['-e', `${code}; setInterval(() => {}, 1000); console.log('up')`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return { pid: child.pid as number, startTime: startTimeOf(child.pid as number) ?? '' };
}

describe('terminate', () => {
  it('ends a process that heeds the signal', async () => {
    const identity = await startProgram('');
    await terminate(identity);
    expect(isAlive(identity)).toBe(false);
  });

  it('kills one that does not, once the grace has passed', async () => {
    const identity = await startProgram(`process.on('SIGTERM', () => {})`);
    await terminate(identity, { graceMs: 50 });
    expect(isAlive(identity)).toBe(false);
  });

  it('leaves a process alone that only has the same number', async () => {
    const identity = await startProgram('');
    await terminate({ pid: identity.pid, startTime: '1' });
    expect(isAlive(identity)).toBe(true);
    await terminate(identity);
  });
});
