import { SlipwayError, type ContextEntry } from '@slipway/domain';
import type { Runtime, RuntimeChoice } from '../data/load-runtimes';
import { hasExtension, jsonText } from '../detect/source-files';
import type { Start } from './image-plan';

/** Fails with `source_invalid` where what is started has types that this version cannot strip, and no build script does. */
export function refuseTypes(
  runtime: Runtime,
  { family, version }: RuntimeChoice,
  start: Start,
  entries: readonly ContextEntry[],
): void {
  const { typed, manifest } = runtime;
  if (!typed || !('file' in start) || !hasExtension(start.file, typed.extensions)) return;
  if (typed.versions.includes(version)) return;
  const able = typed.versions.map((each) => family + each).join(', ');
  const scripted =
    manifest.build_script !== undefined && jsonText(entries, manifest.file, manifest.build_script);
  const advice = scripted
    ? `let "main" in ${manifest.file} name what the build script writes`
    : `add a build script to ${manifest.file} that compiles it, with "main" for the result`;
  throw new SlipwayError(
    'source_invalid',
    `${start.file} is TypeScript, which ${family}${version} cannot run: choose one of ${able}, or ${advice}.`,
  );
}
