import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from './context.ts';
import { Refusal } from './refusal.ts';
import { runProgram } from './run-program.ts';

function programsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !/\.(spec|config)\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length));
}

/** Runs tools/{folder}/{name}.ts and resolves to its exit code. Throws a Refusal that lists the programs that exist. */
export async function runToolProgram(
  from: Surroundings,
  folder: string,
  name: string,
  args: readonly string[],
): Promise<number> {
  const programs = programsIn(join(from.root, 'tools', folder));
  if (!programs.includes(name))
    throw new Refusal(
      `There is no program "${name}" in tools/${folder}: there are ${programs.join(', ') || 'none yet'}.`,
      2,
    );
  const quiet = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
  const { code } = await runProgram(
    process.execPath,
    [...quiet, join('tools', folder, `${name}.ts`), ...args],
    {
      cwd: from.root,
      env: { ...from.env, PATH: `${join(from.root, 'node_modules', '.bin')}:${from.env.PATH ?? ''}` },
      signal: from.signal,
      output: 'inherit',
    },
  );
  return code;
}
