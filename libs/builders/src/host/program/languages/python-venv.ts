import { mkdir, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PythonProgram } from '../../tools/python-programs';
import { exists } from '../../tools/exists';
import type { LanguageBuild } from '../language-build';
import { runTool } from '../run-tool';

/** An empty virtual environment without pip, in the image. Returns its folder. */
export async function makeVenv({ settings }: LanguageBuild, python: PythonProgram): Promise<string> {
  const venv = join(settings.output, 'venv');
  await runTool({
    program: python.path,
    args: ['-m', 'venv', '--without-pip', venv],
    cwd: settings.workDir,
    environment: settings.environment,
    code: 'dependency_install',
    title: 'python -m venv',
  });
  // The line `command` names the folder of this one build.
  const config = join(venv, 'pyvenv.cfg');
  const lines = (await readFile(config, 'utf8')).split('\n').filter((line) => !line.startsWith('command'));
  await writeFile(config, lines.join('\n'));
  return venv;
}

/** Leaves what does not depend on the place where it was built. */
export async function settleVenv(venv: string, python: PythonProgram): Promise<void> {
  await keepInterpreterOnly(venv, python);
  const [version = ''] = await readdir(join(venv, 'lib'));
  const packages = join(venv, 'lib', version, 'site-packages');
  for (const name of await readdir(packages)) {
    if (name.endsWith('.dist-info')) await forgetPlace(join(packages, name));
  }
}

/** The programs that packages install name the build's folder in their first line; `venv/bin/python -m` needs none. */
async function keepInterpreterOnly(venv: string, python: PythonProgram): Promise<void> {
  const bin = join(venv, 'bin');
  const kept = await realpath(python.path);
  await rm(bin, { recursive: true });
  await mkdir(bin);
  await symlink(kept, join(bin, 'python'));
  for (const name of ['share', 'include']) {
    const folder = join(venv, name);
    if ((await exists(folder)) && (await readdir(folder)).length === 0) await rm(folder, { recursive: true });
  }
}

/** Where a package was installed from, and the hashes of programs that are gone. */
async function forgetPlace(info: string): Promise<void> {
  await rm(join(info, 'direct_url.json'), { force: true });
  const record = join(info, 'RECORD');
  if (!(await exists(record))) return;
  const lines = (await readFile(record, 'utf8')).split('\n');
  const kept = lines.filter((line) => !/^(\.\.\/)+bin\/|\/direct_url\.json,/.test(line));
  if (kept.length < lines.length) await writeFile(record, kept.join('\n'));
}
