import { SlipwayError, byPath, type ContextEntry } from '@slipway/domain';
import { intersects } from 'semver';
import { runtimeOf, versionOf, type Runtime, type RuntimeChoice, type Runtimes } from '../data/load-runtimes';
import { packageManagerOf, packageManagerOrders, type PackageManager } from '../detect/package-manager';
import { DOCKERFILE, keptSource, ownIgnoreFile } from '../ignore/left-out';
import { sizeNotes } from '../ignore/size-notes';
import { dockerfileFor } from './dockerfile';
import { findStart } from './find-start';
import { OWN_FOLDER, PLAN_FILE, type ImagePlan } from './image-plan';
import { imagesOf, type ImageSettings } from './images';
import { suppliedManifest } from './supplied-manifest';
import { refuseTypes } from './typed-source';
import { wrapperEntries } from './wrapper-entries';

export interface PlanInput {
  runtimes: Runtimes;
  runtime: RuntimeChoice;
  /** Path of the file to start. */
  entrypoint?: string;
  entries: readonly ContextEntry[];
  images?: ImageSettings;
}

export interface ContextPlan {
  /** The user's files, untouched and without those that are to be left out, and the generated ones. */
  entries: ContextEntry[];
  baseImage: string;
  buildArguments: Record<string, string>;
  plan: ImagePlan;
  /** Remarks for the build's history. */
  notes: string[];
}

/** The name that a source of one nameless file gets. */
export function defaultFileName(runtimes: Runtimes, family: string): string {
  return runtimeOf(runtimes, family).default_file;
}

/**
 * Decides how a source is built, and adds what that needs. What the user wrote is never replaced. Fails with
 * `source_invalid` or `runtime_unsupported`.
 */
export function planContext(input: PlanInput): ContextPlan {
  const { runtimes } = input;
  const choice: RuntimeChoice = { family: input.runtime.family, version: input.runtime.version };
  const runtime = runtimeOf(runtimes, choice.family);
  const images = imagesOf(runtimes, choice, input.images);
  refuseOwnFolder(input.entries);
  const source = keptSource(runtime, input.entries);
  const manifest = suppliedManifest(runtime, source.kept);
  const files = [...source.kept, ...manifest];
  const ownDockerfile = source.kept.some(({ path }) => path === DOCKERFILE);
  const found = ownDockerfile ? undefined : packageManagerOf(runtime, files);
  if (found) refusePackageManager(runtime, choice, found.manager);
  const start = ownDockerfile
    ? ({ kind: 'dockerfile' } as const)
    : findStart(runtime, files, input.entrypoint);
  refuseTypes(runtime, choice, start, files);
  const wrapper = start.kind === 'handler' ? wrapperEntries(runtimes, choice, files, start.file) : [];
  const dockerfile = (): string =>
    dockerfileFor({
      runtime,
      version: versionOf(runtimes, choice),
      images,
      start,
      packageManager: found?.manager,
      entries: files,
      supplied: manifest.length > 0,
      wrapper: wrapper.map(({ path }) => path),
    });
  const supplied = [
    ...manifest,
    ...(ownDockerfile ? [] : [generated(DOCKERFILE, dockerfile())]),
    ...ownIgnoreFile(source.kept, ownDockerfile),
  ];
  const plan: ImagePlan = {
    schema: 1,
    runtime: choice,
    start,
    ...(found ? { packageManager: found.manager } : {}),
    supplied: supplied.map(({ path }) => path),
  };
  const entries = [
    ...source.kept,
    ...supplied,
    ...wrapper,
    generated(PLAN_FILE, `${JSON.stringify(plan, null, 2)}\n`),
  ];
  return {
    entries: entries.sort(byPath),
    baseImage: images[runtime.image.argument] ?? '',
    buildArguments: images,
    plan,
    notes: [
      ...(ownDockerfile ? [] : sizeNotes(runtime, source)),
      ...(found?.notes ?? []),
      ...manifest.map(({ path }) => `${path} was missing and is supplied`),
      startNote(plan),
    ],
  };
}

/** It would fail in the middle of the installation, with a sentence of its own that names neither file nor remedy. */
function refusePackageManager(runtime: Runtime, choice: RuntimeChoice, manager: PackageManager): void {
  const { needs } = packageManagerOrders(runtime, manager);
  if (intersects(needs, `${choice.version}.x`)) return;
  const { name, version } = manager;
  throw new SlipwayError(
    'source_invalid',
    `${name} ${version} needs ${choice.family} ${needs}, but ${choice.version} is asked for: change one of them.`,
  );
}

function refuseOwnFolder(entries: readonly ContextEntry[]): void {
  const taken = entries.find(({ path }) => path === OWN_FOLDER || path.startsWith(`${OWN_FOLDER}/`));
  if (taken)
    throw new SlipwayError(
      'source_invalid',
      `The source holds ${taken.path}: the folder ${OWN_FOLDER} is reserved.`,
    );
}

function generated(path: string, text: string): ContextEntry {
  return { path, executable: false, content: Buffer.from(text) };
}

function startNote({ start }: ImagePlan): string {
  switch (start.kind) {
    case 'script':
      return 'the start script is started, and must serve PORT';
    case 'handler':
      return `the handler in ${start.file} is served by the middleware`;
    case 'file':
      return `${start.file} has no handler that is known: it is started itself, and must serve PORT`;
    case 'dockerfile':
      return "the source's own Dockerfile says what is started";
  }
}
