import { SlipwayError, type ContextEntry } from '@slipway/domain';
import type { Runtime } from '../data/load-runtimes';
import { hasExtension, jsonText, rootFiles } from '../detect/source-files';
import { isTreePath, type FileStart, type Start } from './image-plan';

/** Handlers stand at the end of what bundlers write, and at the beginning of what people write. */
const SCANNED_BYTES = 128 * 1024;

/**
 * What is started: the entrypoint where given, else the start script, else what the entry file is: a handler or a server.
 * Decided from the text alone, for nothing of a user's may run here. Fails with `source_invalid` where nothing can be started.
 */
export function findStart(
  runtime: Runtime,
  entries: readonly ContextEntry[],
  entrypoint: string | undefined,
): Start {
  if (entrypoint !== undefined) {
    return (
      startOfBuilt(runtime, entries, entrypoint, 'The entrypoint') ??
      startOfFile(runtime, entries, existing(entries, entrypoint))
    );
  }
  if (ownStartScript(runtime, entries)) return { kind: 'script', script: 'start' };
  const { file, main } = runtime.manifest;
  const built = startOfBuilt(runtime, entries, mainOf(runtime, entries), `${file}#${main}`);
  if (built) return built;
  const candidates = candidatesOf(runtime, entries);
  const starts = candidates.map((file) => startOfFile(runtime, entries, file));
  const start =
    starts.find((each) => isServer(runtime, entries, each)) ??
    starts.find(({ kind }) => kind === 'handler') ??
    starts[0];
  if (start) return start;
  throw new SlipwayError(
    'source_invalid',
    `The source has no ${runtime.family} file to start: add ${runtime.default_file}, or name an entrypoint.`,
  );
}

function existing(entries: readonly ContextEntry[], entrypoint: string): string {
  const path = entrypoint.replace(/^\.\//, '');
  if (entries.some((entry) => entry.path === path)) return path;
  throw new SlipwayError(
    'source_invalid',
    `The entrypoint "${entrypoint.slice(0, 200)}" is not a file of the source.`,
  );
}

/** A start script that only calls the middleware does what the wrapper does, and would miss PORT. */
function ownStartScript({ manifest }: Runtime, entries: readonly ContextEntry[]): boolean {
  const script = manifest.start_script && jsonText(entries, manifest.file, manifest.start_script);
  return Boolean(script) && !/\bfaas-js-runtime\b/.test(script ?? '');
}

function candidatesOf(runtime: Runtime, entries: readonly ContextEntry[]): string[] {
  const present = (path: string): boolean => entries.some((entry) => entry.path === path);
  const { entry_files, entry_search, extensions } = runtime;
  const main = mainOf(runtime, entries);
  const named = [...(main && hasExtension(main, extensions) ? [main] : []), ...entry_files].filter(present);
  const sources = rootFiles(entries).filter(
    (path) => hasExtension(path, extensions) && !/_test\.|\.(test|spec)\.|\.d\.[cm]?ts$/.test(path),
  );
  if (entry_search === 'all') return [...new Set([...named, ...sources])];
  // Several files and none of a known name: guessing would start the wrong one.
  return named.length > 0 ? named.slice(0, 1) : sources.length === 1 ? sources : [];
}

function mainOf({ manifest }: Runtime, entries: readonly ContextEntry[]): string | undefined {
  return manifest.main && jsonText(entries, manifest.file, manifest.main)?.replace(/^\.\//, '');
}

/**
 * A file that only the build script writes, such as `dist/index.js`. Whether it is a server is read from the file that it is
 * made from (`src/index.ts`, `index.ts`); where none is found it is taken for a handler, which says so if it is none.
 * Fails with `source_invalid`, naming `place`, where it cannot be such a file.
 */
function startOfBuilt(
  runtime: Runtime,
  entries: readonly ContextEntry[],
  file: string | undefined,
  place: string,
): FileStart | undefined {
  const { manifest, extensions } = runtime;
  const path = file?.replace(/^\.\//, '');
  const isThere = (each: string): boolean => entries.some((entry) => entry.path === each);
  if (path === undefined || isThere(path) || !hasExtension(path, extensions)) return undefined;
  if (!manifest.build_script || jsonText(entries, manifest.file, manifest.build_script) === undefined)
    return undefined;
  if (!isTreePath(path)) {
    const shown = JSON.stringify(path.slice(0, 200));
    throw new SlipwayError('source_invalid', `${place} ${shown} is no path of a file inside the source.`);
  }
  const stem = path.slice(path.indexOf('/') + 1).replace(/\.\w+$/, '');
  const source = [`src/${stem}`, stem].flatMap((each) => extensions.map((end) => each + end)).find(isThere);
  return { kind: source ? startOfFile(runtime, entries, source).kind : 'handler', file: path };
}

function startOfFile(runtime: Runtime, entries: readonly ContextEntry[], file: string): FileStart {
  const source = scanned(entries, file);
  if (isServerSource(runtime, source)) return { kind: 'file', file };
  return {
    kind: runtime.handler_patterns.some((pattern) => pattern.test(source)) ? 'handler' : 'file',
    file,
  };
}

function isServer(runtime: Runtime, entries: readonly ContextEntry[], start: FileStart): boolean {
  return start.kind === 'file' && isServerSource(runtime, scanned(entries, start.file));
}

function isServerSource(runtime: Runtime, source: string): boolean {
  return runtime.server_patterns.some((group) => group.every((pattern) => pattern.test(source)));
}

export function scanned(entries: readonly ContextEntry[], path: string): string {
  const content = entries.find((entry) => entry.path === path)?.content ?? Buffer.alloc(0);
  if (content.length <= 2 * SCANNED_BYTES) return content.toString('utf8');
  return `${content.subarray(0, SCANNED_BYTES).toString('utf8')}\n${content.subarray(-SCANNED_BYTES).toString('utf8')}`;
}
