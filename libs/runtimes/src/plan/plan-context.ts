import { SlipwayError, byPath, type ContextEntry } from '@slipway/domain';
import { runtimeOf, versionOf, type RuntimeChoice, type Runtimes } from '../data/load-runtimes';
import { dockerfileFor } from './dockerfile';
import { findStart } from './find-start';
import { OWN_FOLDER, PLAN_FILE, type ImagePlan } from './image-plan';
import { suppliedManifest } from './supplied-manifest';
import { wrapperEntries } from './wrapper-entries';

export interface PlanInput {
  runtimes: Runtimes;
  runtime: RuntimeChoice;
  /** Path of the file to start. */
  entrypoint?: string;
  entries: readonly ContextEntry[];
}

export interface ContextPlan {
  /** The user's files, untouched, and the generated ones. */
  entries: ContextEntry[];
  baseImage: string;
  buildArguments: Record<string, string>;
  plan: ImagePlan;
  /** Remarks for the build's history. */
  notes: string[];
}

const DOCKERFILE = 'Dockerfile';

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
  const baseImage = versionOf(runtimes, choice).base_image;
  refuseOwnFolder(input.entries);
  const manifest = suppliedManifest(runtime, input.entries);
  const files = [...input.entries, ...manifest];
  const ownDockerfile = input.entries.some(({ path }) => path === DOCKERFILE);
  const start = ownDockerfile
    ? ({ kind: 'dockerfile' } as const)
    : findStart(runtime, files, input.entrypoint);
  const wrapper = start.kind === 'handler' ? wrapperEntries(runtimes, choice, files, start.file) : [];
  const dockerfile = ownDockerfile
    ? []
    : [
        generated(
          DOCKERFILE,
          dockerfileFor({
            runtime,
            baseImage,
            start,
            entries: files,
            wrapper: wrapper.map(({ path }) => path),
          }),
        ),
      ];
  const supplied = [...manifest, ...dockerfile];
  const plan: ImagePlan = { schema: 1, runtime: choice, start, supplied: supplied.map(({ path }) => path) };
  const entries = [
    ...input.entries,
    ...supplied,
    ...wrapper,
    generated(PLAN_FILE, `${JSON.stringify(plan, null, 2)}\n`),
  ];
  return {
    entries: entries.sort(byPath),
    baseImage,
    buildArguments: { [runtime.image.argument]: baseImage },
    plan,
    notes: [...manifest.map(({ path }) => `${path} was missing and is supplied`), startNote(plan)],
  };
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
