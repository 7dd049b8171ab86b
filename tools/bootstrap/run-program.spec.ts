import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { waitFor } from './wait.ts';

const STOPS_SLOWLY = `
  process.on('SIGTERM', () => setTimeout(() => { fs.writeFileSync(process.argv[1], ''); process.exit(); }, 300));
  setInterval(() => undefined, 1000);
  fs.writeFileSync(process.argv[2], '');`;

describe('a program that is run', () => {
  it('gives its exit code and all that it wrote', async () => {
    const script = `process.stdout.write('a'); process.stderr.write('b'); process.exitCode = 3`;
    await expect(runProgram(process.execPath, ['-e', script])).resolves.toEqual({ code: 3, output: 'ab' });
  });

  it('counts as 127 where there is none', async () => {
    const { code, output } = await runProgram('no-such-program', []);
    expect({ code, output }).toEqual({ code: 127, output: expect.stringContaining('no-such-program') });
  });

  it('has ended when the abort is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-'));
    const [stopped, ready] = [join(folder, 'stopped'), join(folder, 'ready')];
    const controller = new AbortController();
    try {
      const { signal } = controller;
      const running = runProgram(process.execPath, ['-e', STOPS_SLOWLY, stopped, ready], { signal });
      const refused = expect(running).rejects.toThrow('aborted');
      await waitFor(() => existsSync(ready) || undefined, { limitMs: 20_000 });
      controller.abort();
      await refused;
      expect(existsSync(stopped)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
