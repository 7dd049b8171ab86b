import { createSteps, formatDuration } from './steps.ts';

function pipe() {
  const lines: string[] = [];
  return {
    lines,
    stream: { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream,
  };
}

describe('the list of steps', () => {
  it('writes plain lines into a pipe: notes as they come, the end with its time and detail', async () => {
    const { lines, stream } = pipe();
    const work = async (note: (text: string) => void) => {
      note('building');
      note('building');
      return 7;
    };
    await expect(createSteps(stream).run('Build', work, (result) => `seven: ${result}`)).resolves.toBe(7);
    expect(lines[0]).toBe('  … Build: building\n');
    expect(lines[1]).toMatch(/^✔ Build \(\d\.\d s\) seven: 7\n$/);
    expect(lines).toHaveLength(2);
  });

  it('marks a step that failed and passes its error on', async () => {
    const { lines, stream } = pipe();
    await expect(createSteps(stream).run('Build', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(lines.join('')).toMatch(/^✖ Build/);
  });

  it.each([
    [1_234, '1.2 s'],
    [59_900, '59.9 s'],
    [61_000, '1 min 1 s'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
