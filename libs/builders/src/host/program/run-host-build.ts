import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN_FOLDER, PLAN_FILE, loadRuntimes, readImagePlan, type ImagePlan } from '@slipway/runtimes';
import { IMAGE_MANIFEST, type ImageManifest } from '../image/image-manifest';
import { failedLine, stepLine } from '../outcome/log-lines';
import { exists } from '../tools/exists';
import { BuildFailure } from './build-failure';
import { fetchContext } from './fetch-context';
import type { BuildLanguage } from './language-build';
import { buildGo } from './languages/build-go';
import { buildNodejs } from './languages/build-nodejs';
import { buildPython } from './languages/build-python';
import { hostBuildSettings, type HostBuildSettings } from './settings';
import { unpackContext } from './unpack-context';

const LANGUAGES: Readonly<Record<string, BuildLanguage>> = {
  nodejs: buildNodejs,
  python: buildPython,
  go: buildGo,
};

/** What only a builder of images reads. */
const IMAGE_BUILD_FILES = ['Dockerfile', '.dockerignore'];

/**
 * The host build program: from the context that the environment names to an image folder. Returns the exit code; each step
 * says its name on standard output, and a failure whose cause is known says that too.
 */
export async function runHostBuild(environment?: NodeJS.ProcessEnv, workDir?: string): Promise<number> {
  try {
    await buildImage(hostBuildSettings(environment, workDir));
    return 0;
  } catch (error) {
    if (error instanceof BuildFailure) {
      print(failedLine(error.code, error.message));
      return error.exitCode;
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      print(failedLine('disk_full', 'The disk of the builder is full.'));
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

async function buildImage(settings: HostBuildSettings): Promise<void> {
  const say = (step: string, detail: string): void => print(stepLine(step, detail));
  const archive = await fetchContext(settings.contextUrl, settings.contextSha256);
  say('context', `${archive.length} bytes, SHA-256 as recorded`);
  const app = join(settings.output, 'app');
  await mkdir(settings.output, { recursive: true });
  say('unpack', `${await unpackContext(archive, app)} files`);
  const plan = await readPlan(app);
  await refuseDockerfile(app, plan);
  const build = LANGUAGES[plan.runtime.family];
  if (!build)
    throw new BuildFailure('runtime_unsupported', `The host builder cannot build ${plan.runtime.family}.`);
  const built = await build({ settings, runtimes: loadRuntimes(settings.runtimesDir), plan, app, say });
  await rm(join(app, OWN_FOLDER), { recursive: true, force: true });
  for (const name of IMAGE_BUILD_FILES)
    if (plan.supplied.includes(name)) await rm(join(app, name), { force: true });
  const manifest: ImageManifest = {
    schema: 1,
    runtime: plan.runtime.family,
    requestedVersion: plan.runtime.version,
    ...built,
  };
  await writeFile(join(settings.output, IMAGE_MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  say('done', `image of ${manifest.runtime} ${manifest.version}`);
}

async function readPlan(app: string): Promise<ImagePlan> {
  return readImagePlan(await readFile(join(app, PLAN_FILE), 'utf8'));
}

/** It may say anything, a machine of root's own included; only a builder of images can follow it. */
async function refuseDockerfile(app: string, plan: ImagePlan): Promise<void> {
  if (plan.supplied.includes('Dockerfile') || !(await exists(join(app, 'Dockerfile')))) return;
  throw new BuildFailure(
    'builder_unsupported',
    'The source brings its own Dockerfile, which the host builder does not follow.',
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
