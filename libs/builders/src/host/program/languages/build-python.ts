import { access, cp, mkdir, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WRAPPER_FOLDER } from '@slipway/runtimes';
import { nearestPython, type PythonProgram } from '../../tools/python-programs';
import { versionNote } from '../../tools/nearest-version';
import { BuildFailure } from '../build-failure';
import type { BuildLanguage, LanguageBuild } from '../language-build';
import { runTool } from '../run-tool';
import { pipOf } from './pip-tool';

/** One virtual environment per image, in which the function's requirements and the wrapper's are resolved together. */
export const buildPython: BuildLanguage = async (build) => {
  const { plan, settings, say, app } = build;
  if (plan.start.kind === 'script' || plan.start.kind === 'dockerfile') {
    throw new BuildFailure(
      'builder_unsupported',
      `The host builder cannot start a ${plan.start.kind} of Python.`,
    );
  }
  const python = nearestPython(plan.runtime.version, settings.searchPath);
  if (!python)
    throw new BuildFailure(
      'runtime_unsupported',
      'There is no Python from 3.10 on with its venv module on PATH.',
    );
  const notes = versionNote(plan.runtime.version, python.version);
  say('runtime', `python ${python.version}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`);
  const venv = await makeVenv(build, python);
  const wrapped = plan.start.kind === 'handler';
  if (wrapped) await cp(join(app, WRAPPER_FOLDER), join(settings.output, 'wrapper'), { recursive: true });
  await installRequirements(build, python, venv, wrapped);
  await keepInterpreterOnly(venv, python);
  await compile(build, venv, wrapped);
  const file = `{image}/app/${plan.start.file}`;
  return {
    version: python.version,
    interpreter: 'python',
    notes,
    args: wrapped ? ['{image}/wrapper/start.py', file] : [file],
  };
};

async function makeVenv({ settings }: LanguageBuild, python: PythonProgram): Promise<string> {
  const venv = join(settings.output, 'venv');
  const { environment } = settings;
  await runTool({
    program: python.path,
    args: ['-m', 'venv', '--without-pip', venv],
    cwd: settings.workDir,
    environment,
    code: 'dependency_install',
    title: 'python -m venv',
  });
  // The line `command` names the folder of this one build.
  const config = join(venv, 'pyvenv.cfg');
  const lines = (await readFile(config, 'utf8')).split('\n').filter((line) => !line.startsWith('command'));
  await writeFile(config, lines.join('\n'));
  return venv;
}

async function installRequirements(
  build: LanguageBuild,
  python: PythonProgram,
  venv: string,
  wrapped: boolean,
): Promise<void> {
  const { settings, app, say } = build;
  const requirements = (await exists(join(app, 'requirements.txt'))) ? ['-r', 'requirements.txt'] : ['.'];
  const wrapper = wrapped ? ['-r', join(settings.output, 'wrapper', 'requirements.txt')] : [];
  say('install', `pip install ${requirements.join(' ')}${wrapped ? ' and the wrapper' : ''}`);
  const pip = await pipOf(python, settings);
  const args = [
    '-m',
    'pip',
    '--python',
    join(venv, 'bin', 'python'),
    'install',
    '--no-compile',
    '--no-warn-script-location',
    '--progress-bar',
    'off',
  ];
  await runTool({
    program: pip,
    args: [...args, ...requirements, ...wrapper],
    cwd: app,
    environment: settings.environment,
    code: 'dependency_install',
    title: 'pip install',
  });
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

/** Compiled once, for the image is read-only; by hash, for its files have no times. */
async function compile(build: LanguageBuild, venv: string, wrapped: boolean): Promise<void> {
  const { settings, app, say } = build;
  say('compile', 'python modules');
  const plain = [
    '-m',
    'compileall',
    '-q',
    '-s',
    settings.output,
    '-p',
    '/image',
    '--invalidation-mode',
    'unchecked-hash',
  ];
  const run = {
    program: join(venv, 'bin', 'python'),
    cwd: settings.workDir,
    environment: settings.environment,
  };
  const own = wrapped ? [app, join(settings.output, 'wrapper')] : [app];
  await runTool({
    ...run,
    args: [...plain, '-x', '\\.slipway', ...own],
    code: 'build_command',
    title: 'compiling',
  });
  try {
    await runTool({ ...run, args: [...plain, '-qq', join(venv, 'lib')], code: 'build_command' });
  } catch (error) {
    // Packages bring files for other versions; they matter only if they are imported.
    if (!(error instanceof BuildFailure)) throw error;
    say('compile', 'some modules of packages were left out');
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
