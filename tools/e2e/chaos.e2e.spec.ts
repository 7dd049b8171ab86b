import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { QUEUES } from '@slipway/contracts';
import { QUEUES as LOOKED_AT } from '../bootstrap/queues';

const ROOT = join(__dirname, '../..');
/** It starts servers and twelve processes of its own, and waits for up to four minutes for a system that does not come to rest. */
const LIMIT_MS = 420_000;

function chaos(args: readonly string[]): Promise<{ code: number; output: string }> {
  const program = [join(ROOT, 'tools', 'bootstrap', 'launch.mjs'), 'chaos', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, program, { cwd: ROOT, timeout: LIMIT_MS - 20_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

describe('faults under traffic', () => {
  it('are looked for in every queue of the catalogue', () => {
    expect(LOOKED_AT).toEqual(Object.values(QUEUES).map(({ name }) => name));
  });

  it(
    'every build ends once, and the system comes to rest',
    async () => {
      const { code, output } = await chaos(['--seed', 'short', '--builds', '40', '--minutes', '0.5']);
      // All of what happened, with the history of each build concerned.
      if (code !== 0) process.stdout.write(output);
      expect({ code, verdict: /^Seed short: .* breaks.*$/m.exec(output)?.[0] }).toEqual({
        code: 0,
        verdict: expect.stringContaining(' 0 breaks, 0 problems'),
      });
    },
    LIMIT_MS,
  );
});
