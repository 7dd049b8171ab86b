import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WRAPPER_FOLDER } from '@slipway/runtimes';
import type { BuildFailureCode } from '../../outcome/log-lines';
import { programsNamed } from '../../tools/find-programs';
import { versionNote } from '../../tools/nearest-version';
import { BuildFailure } from '../build-failure';
import { exists } from '../../tools/exists';
import type { BuildLanguage, LanguageBuild } from '../language-build';
import { runTool } from '../run-tool';

/** One static program: the function's own, or the generated one that imports the function's module. */
export const buildGo: BuildLanguage = async (build) => {
  const { plan, settings, say } = build;
  const go = installedGo(settings.searchPath);
  if (!go) throw new BuildFailure('runtime_unsupported', 'Go is not on PATH.');
  const notes = versionNote(plan.runtime.version, go.version);
  say('runtime', `go ${go.version}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`);
  await mkdir(join(settings.output, 'bin'));
  await compileProgram(build, (folder, args, code) => runGo(build, go.path, folder, args, code));
  return { version: go.version, interpreter: 'binary', notes, args: [] };
};

type RunGo = (folder: string, args: string[], code: BuildFailureCode) => Promise<void>;

async function compileProgram({ plan, settings, app }: LanguageBuild, run: RunGo): Promise<void> {
  // A source without go.mod names no versions: what its imports need is found now.
  if (plan.supplied.includes('go.mod')) await run(app, ['mod', 'tidy'], 'dependency_install');
  const locked = await exists(join(app, 'go.sum'));
  // Apart from the compiler, so that a missing module is told from a mistake in the source.
  await run(app, ['mod', 'download'], 'dependency_install');
  const compile = (folder: string, mode: string, ...rest: string[]): Promise<void> =>
    run(folder, ['build', `-mod=${mode}`, '-trimpath', '-buildvcs=false', ...rest], 'build_command');
  const link = ['-ldflags=-s -w', '-o', join(settings.output, 'bin', 'function'), '.'];
  if (plan.start.kind !== 'handler') return compile(app, locked ? 'readonly' : 'mod', ...link);
  // By itself first: the wrapper's go.sum must not make up for what the function's own lacks.
  if (locked) await compile(join(app, dirname(plan.start.file)), 'readonly', '.');
  await run(join(app, WRAPPER_FOLDER), ['mod', 'tidy'], 'dependency_install');
  await compile(join(app, WRAPPER_FOLDER), 'mod', ...link);
}

async function runGo(
  build: LanguageBuild,
  go: string,
  cwd: string,
  args: string[],
  code: BuildFailureCode,
): Promise<void> {
  const title = `go ${args[0] === 'mod' ? `mod ${args[1]}` : args[0]}`;
  build.say(code === 'build_command' ? 'build' : 'install', title);
  const { environment } = build.settings;
  const settings = {
    CGO_ENABLED: '0',
    // Never another toolchain than the installed one: fetching one is not part of a build.
    GOTOOLCHAIN: 'local',
    GOFLAGS: `${environment['GOFLAGS'] ?? ''} -modcacherw`.trim(),
    GOWORK: 'off',
  };
  await runTool({ program: go, args, cwd, environment: { ...environment, ...settings }, code, title });
}

function installedGo(searchPath: string): { path: string; version: string } | undefined {
  const [path] = programsNamed('go', searchPath);
  if (path === undefined) return undefined;
  const printed = execFileSync(path, ['version'], {
    encoding: 'utf8',
    env: { GOTOOLCHAIN: 'local', HOME: '/' },
    timeout: 10_000,
  });
  const [, version] = /go(\d+\.\d+(?:\.\d+)?)/.exec(printed) ?? [];
  return version === undefined ? undefined : { path, version };
}
