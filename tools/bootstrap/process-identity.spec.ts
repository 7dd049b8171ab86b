import { isAlive, startTimeFromStat, startTimeOf } from './process-identity.ts';

function stat(command: string, state: string, startTime: string): string {
  const between = Array.from({ length: 18 }, (_, index) => String(index));
  return `42 (${command}) ${state} ${between.join(' ')} ${startTime} 0 0`;
}

describe('the identity of a process', () => {
  it.each(['node', 'a b', 'odd) R 1 (name'])('finds field 22 behind the command "%s"', (command) => {
    expect(startTimeFromStat(stat(command, 'S', '12345'))).toBe('12345');
  });

  it('takes a zombie for ended', () => {
    expect(startTimeFromStat(stat('node', 'Z', '12345'))).toBeUndefined();
  });

  it('knows a running process by its start time', () => {
    expect(isAlive({ pid: process.pid, startTime: startTimeOf(process.pid) ?? '' })).toBe(true);
  });

  it('does not take a process with the same number and another start time for the same', () => {
    expect(isAlive({ pid: process.pid, startTime: '1' })).toBe(false);
  });

  it.each([0, 1, -5, NaN])('never takes %s for a process of ours', (pid) => {
    expect(isAlive({ pid, startTime: '' })).toBe(false);
  });
});
