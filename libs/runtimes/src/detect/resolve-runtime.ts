import type { ContextEntry } from '@slipway/domain';
import {
  DEFAULT_FAMILY,
  runtimeOf,
  versionOf,
  type Runtime,
  type RuntimeChoice,
  type Runtimes,
} from '../data/load-runtimes';
import { runtimeNamed } from '../names/runtime-names';
import { hasExtension, rootFiles } from './source-files';
import { wantedVersion } from './wanted-version';

export interface ResolvedRuntime extends RuntimeChoice {
  /** Remarks for the build's history. */
  notes: string[];
}

/**
 * The runtime of a source. A given name decides, its version included; a family's bare name leaves the version to the
 * source. Without a name the files decide. Fails with `runtime_unsupported` where the name is not known.
 */
export function resolveRuntime(
  runtimes: Runtimes,
  requested: string | undefined,
  entries: readonly ContextEntry[],
  today = new Date(),
): ResolvedRuntime {
  const choice = requested === undefined ? detected(runtimes, entries) : named(runtimes, requested, entries);
  return { ...choice, notes: [...choice.notes, ...endOfLifeNotes(runtimes, choice, today)] };
}

function named(runtimes: Runtimes, requested: string, entries: readonly ContextEntry[]): ResolvedRuntime {
  const { family, version } = runtimeNamed(runtimes, requested);
  if (version !== undefined) return { family, version, notes: [] };
  return { family, ...wantedVersion(runtimeOf(runtimes, family), entries) };
}

function detected(runtimes: Runtimes, entries: readonly ContextEntry[]): ResolvedRuntime {
  const files = rootFiles(entries);
  const runtime =
    runtimes.find((each) => hasManifest(each, files)) ?? runtimes.find((each) => hasSource(each, files));
  if (runtime) {
    const wanted = wantedVersion(runtime, entries);
    return {
      family: runtime.family,
      version: wanted.version,
      notes: [`runtime ${runtime.family}${wanted.version} detected`, ...wanted.notes],
    };
  }
  const { family, default_version: version } = runtimeOf(runtimes, DEFAULT_FAMILY);
  return { family, version, notes: [`no runtime given and none detected: ${family}${version} is used`] };
}

function hasManifest({ manifest }: Runtime, files: string[]): boolean {
  return [manifest.file, ...manifest.others].some((file) => files.includes(file));
}

function hasSource({ extensions }: Runtime, files: string[]): boolean {
  return files.some((file) => hasExtension(file, extensions));
}

function endOfLifeNotes(runtimes: Runtimes, choice: RuntimeChoice, today: Date): string[] {
  const { end_of_life } = versionOf(runtimes, choice);
  if (today < new Date(end_of_life)) return [];
  return [
    `${choice.family}${choice.version} has had no support since ${end_of_life}: move to a newer version`,
  ];
}
