import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllowedSkips, unexplainedSkips } from './allowed-skips.ts';
import { NX_ENVIRONMENT } from './build-bundles.ts';
import type { Context } from './context.ts';
import { Refusal } from './refusal.ts';
import { runProgram } from './run-program.ts';
import { runTests } from './run-tests.ts';
import type { TestCounts } from './test-counts.ts';

interface Check {
  title: string;
  command: string;
  args: readonly string[];
}

const script = (...parts: string[]) => join('node_modules', ...parts);

const CHECKS: readonly Check[] = [
  { title: 'Format', command: 'node', args: [script('prettier', 'bin', 'prettier.cjs'), '--check', '.'] },
  {
    title: 'Lint and boundaries',
    command: 'node',
    args: [script('nx', 'dist', 'bin', 'nx.js'), 'run-many', '-t', 'lint', '--outputStyle=static'],
  },
  { title: 'Types', command: 'npm', args: ['run', '--silent', 'typecheck'] },
  { title: 'Unused code', command: 'node', args: [script('knip', 'bin', 'knip.js')] },
  { title: 'Generated files', command: 'node', args: [join('tools', 'generate', 'main.ts'), '--check'] },
];

/** Longer than the run that is one of the tests. */
const FAULTS: Check = {
  title: 'Faults under traffic (about four minutes)',
  command: 'node',
  args: [
    join('tools', 'bootstrap', 'launch.mjs'),
    'chaos',
    '--seed',
    'verify',
    '--builds',
    '300',
    '--minutes',
    '3',
  ],
};

/** What the faults program says of the whole run. */
function verdictOf(output: string): string {
  return /^Seed .* taken over.*$/m.exec(output)?.[0] ?? '';
}

/** Shows a check's output only where it fails, and else what `verdict` makes of it. */
async function passes(
  context: Context,
  { title, command, args }: Check,
  verdict: (output: string) => string = () => '',
): Promise<boolean> {
  const { root, env, signal, steps } = context;
  const run = async (): Promise<string> => {
    const program = command === 'node' ? process.execPath : command;
    const { code, output } = await runProgram(program, args, {
      cwd: root,
      env: { ...env, ...NX_ENVIRONMENT },
      signal,
    });
    if (code !== 0) throw new Refusal(output.trimEnd() || `${command} ${args.join(' ')} ended with ${code}`);
    return verdict(output);
  };
  try {
    await steps.run(title, run, (text) => text);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    steps.line(error.message);
    return false;
  }
}

/** `npm run verify`: every check, the tests, then the faults; a failed check and an unexplained skip count as one failed each. */
export async function verify(context: Context): Promise<TestCounts> {
  const allowed = parseAllowedSkips(readFileSync(join(context.root, 'tools', 'allowed-skips.json'), 'utf8'));
  let failedChecks = 0;
  for (const check of CHECKS) failedChecks += (await passes(context, check)) ? 0 : 1;
  const counts = await runTests(context, []);
  failedChecks += (await passes(context, FAULTS, verdictOf)) ? 0 : 1;
  const unexplained = unexplainedSkips(counts.skipped, allowed);
  for (const name of unexplained)
    context.steps.line(`✖ skipped without a reason in tools/allowed-skips.json: ${name}`);
  return { ...counts, failed: counts.failed + failedChecks + unexplained.length };
}
