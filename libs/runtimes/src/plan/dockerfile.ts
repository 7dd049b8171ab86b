import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextEntry } from '@slipway/domain';
import type { Runtime } from '../data/load-runtimes';
import { jsonText } from '../detect/source-files';
import { WRAPPER_FOLDER, type Start } from './image-plan';
import { render } from './template';

export interface DockerfileInput {
  runtime: Runtime;
  baseImage: string;
  start: Start;
  /** The source's files and the supplied ones. */
  entries: readonly ContextEntry[];
  /** Paths of the wrapper's files in the context; none where no wrapper is used. */
  wrapper: readonly string[];
}

/** The runtime's Dockerfile for this source: manifest, install, then the source, so that layers are reused. */
export function dockerfileFor(input: DockerfileInput): string {
  const { runtime, start, entries, wrapper } = input;
  const { image, manifest, folder } = runtime;
  const locks = present(entries, manifest.lock_files);
  const scripted =
    manifest.build_script !== undefined &&
    jsonText(entries, manifest.file, manifest.build_script) !== undefined;
  const install = locks.length > 0 ? image.install_locked || image.install : image.install;
  const own = start.kind === 'dockerfile' ? undefined : image.build[start.kind];
  return render(readFileSync(join(folder, 'Dockerfile'), 'utf8'), {
    argument: image.argument,
    base_image: input.baseImage,
    wrapper_manifest:
      wrapper.length === 0 ? '' : image.wrapper_manifest.map((file) => `${WRAPPER_FOLDER}/${file}`).join(' '),
    wrapper_install: wrapper.length === 0 ? '' : image.wrapper_install,
    wrapper_files: wrapper.length === 0 ? '' : `${WRAPPER_FOLDER}/`,
    manifests: [...present(entries, [manifest.file, ...manifest.others]), ...locks].join(' '),
    install: scripted ? image.install_to_build || install : install,
    build: [scripted ? image.build_script : '', own ?? ''].filter((step) => step !== '').join(' && '),
    command: JSON.stringify(commandOf(runtime, start)),
  });
}

function present(entries: readonly ContextEntry[], files: readonly string[]): string[] {
  return files.filter((file) => entries.some(({ path }) => path === file));
}

function commandOf({ image }: Runtime, start: Start): string[] {
  if (start.kind === 'dockerfile') return [];
  const file = 'file' in start ? start.file : '';
  return (image.command[start.kind] ?? []).map((part) => part.replaceAll('{file}', () => file));
}
