import { SlipwayError, type ContextEntry } from '@slipway/domain';
import type { Runtime } from '../data/load-runtimes';
import { textOf } from '../detect/source-files';
import { OWN_FOLDER, PLAN_FILE } from '../plan/image-plan';
import { ignorePatterns } from './ignore-patterns';

export const DOCKERFILE = 'Dockerfile';
/** Read in place of `.dockerignore` by BuildKit and Kaniko, so that what a user wrote there cannot leave out what we add. */
const OWN_IGNORE_FILE = `${DOCKERFILE}.dockerignore`;
const IGNORE_FILE = '.dockerignore';
const MAX_IGNORE_FILE = 64 * 1024;

export interface KeptSource {
  kept: ContextEntry[];
  leftOut: ContextEntry[];
}

/**
 * The files of a source that become part of its image: all but what its own `.dockerignore` names, or, where there is none,
 * what no image needs. Beside a Dockerfile of its own nothing is left out that it does not name, as for `docker build`.
 */
export function keptSource(runtime: Runtime, entries: readonly ContextEntry[]): KeptSource {
  const text = ignoreText(runtime, entries);
  const isIgnored = ignorePatterns(text);
  const isLeftOut = ({ path }: ContextEntry): boolean =>
    ![DOCKERFILE, IGNORE_FILE, OWN_IGNORE_FILE].includes(path) && isIgnored(path);
  const leftOut = new Set(entries.filter(isLeftOut));
  return { kept: entries.filter((entry) => !leftOut.has(entry)), leftOut: [...leftOut] };
}

/** What a builder of images still has to leave out of the finished context; nothing where the source says so itself. */
export function ownIgnoreFile(entries: readonly ContextEntry[], ownDockerfile: boolean): ContextEntry[] {
  if (has(entries, OWN_IGNORE_FILE)) return [];
  const lines = ownDockerfile
    ? [ignoreFile(entries, IGNORE_FILE) ?? '', OWN_FOLDER]
    : [DOCKERFILE, OWN_IGNORE_FILE, PLAN_FILE];
  const content = Buffer.from(`${lines.filter((line) => line !== '').join('\n')}\n`);
  return [{ path: OWN_IGNORE_FILE, executable: false, content }];
}

function ignoreText(runtime: Runtime, entries: readonly ContextEntry[]): string {
  const ownDockerfile = has(entries, DOCKERFILE);
  if (has(entries, OWN_IGNORE_FILE) && !ownDockerfile) {
    const sentence = `The source has ${OWN_IGNORE_FILE} without a ${DOCKERFILE}: name it ${IGNORE_FILE}.`;
    throw new SlipwayError('source_invalid', sentence);
  }
  const own = ignoreFile(entries, OWN_IGNORE_FILE) ?? ignoreFile(entries, IGNORE_FILE);
  if (own !== undefined || ownDockerfile) return own ?? '';
  const { manifest, left_out: leftOut } = runtime;
  const installs = [manifest.file, ...manifest.others].some((file) => has(entries, file));
  return [...leftOut.always, ...(installs ? leftOut.installed : [])].join('\n');
}

/** Fails with `source_invalid` where it is too long: what is cut off would become part of the image. */
function ignoreFile(entries: readonly ContextEntry[], path: string): string | undefined {
  const text = textOf(entries, path, MAX_IGNORE_FILE + 1);
  if (text === undefined || Buffer.byteLength(text) <= MAX_IGNORE_FILE) return text;
  throw new SlipwayError('source_invalid', `${path} has more than ${MAX_IGNORE_FILE / 1024} KiB.`);
}

function has(entries: readonly ContextEntry[], file: string): boolean {
  return entries.some(({ path }) => path === file);
}
