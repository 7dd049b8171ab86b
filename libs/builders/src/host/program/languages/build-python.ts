import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { WRAPPER_FOLDER } from '@slipway/runtimes';
import { nearestPython, type PythonProgram } from '../../tools/python-programs';
import { versionNote } from '../../tools/nearest-version';
import { BuildFailure } from '../build-failure';
import type { BuildLanguage, LanguageBuild } from '../language-build';
import { runTool } from '../run-tool';
import { withoutCredentials } from '../tool-environment';
import { pipOf } from './pip-tool';
import { pythonRequirements } from './python-requirements';
import { makeVenv, settleVenv } from './python-venv';

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
  notes.push(...(await installRequirements(build, python, venv, wrapped)));
  await settleVenv(venv, python);
  await compile(build, venv, wrapped);
  const file = `{image}/app/${plan.start.file}`;
  return {
    version: python.version,
    interpreter: 'python',
    notes,
    args: wrapped ? ['{image}/wrapper/start.py', file] : [file],
  };
};

/** Returns remarks for the build's history. */
async function installRequirements(
  build: LanguageBuild,
  python: PythonProgram,
  venv: string,
  wrapped: boolean,
): Promise<string[]> {
  const { settings, app, say } = build;
  const pip = await pipOf(python, settings);
  const { args, title, notes } = await pythonRequirements(build, pip);
  const wrapper = wrapped ? ['-r', join(settings.output, 'wrapper', 'requirements.txt')] : [];
  for (const note of notes) say('note', note);
  say('install', `pip install ${title}${wrapped ? ' and the wrapper' : ''}`);
  if (args.length + wrapper.length === 0) return notes;
  const quiet = ['--no-compile', '--no-warn-script-location', '--progress-bar', 'off'];
  await runTool({
    program: pip,
    args: ['-m', 'pip', '--python', join(venv, 'bin', 'python'), 'install', ...quiet, ...args, ...wrapper],
    cwd: app,
    environment: settings.environment,
    code: 'dependency_install',
    title: 'pip install',
  });
  return notes;
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
    environment: withoutCredentials(settings.environment),
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
