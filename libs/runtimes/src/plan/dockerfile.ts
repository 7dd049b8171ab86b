import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../data/load-runtimes';
import type { RuntimeVersion } from '../data/runtime-definition';
import { buildSteps, mounted, type BuildInput } from './build-steps';
import { WRAPPER_FOLDER } from './image-plan';
import { render } from './template';

export interface DockerfileInput extends BuildInput {
  version: RuntimeVersion;
  /** The images by their build arguments. */
  images: Readonly<Record<string, string>>;
}

/** The runtime's Dockerfile for this source: manifest, install, then the source, so that layers are reused. */
export function dockerfileFor(input: DockerfileInput): string {
  const { runtime, images, wrapper } = input;
  const { image, folder } = runtime;
  const steps = buildSteps(input);
  const finalArgument = image.final?.argument ?? '';
  return render(readFileSync(join(folder, steps.template), 'utf8'), {
    argument: image.argument,
    base_image: images[image.argument] ?? '',
    final_argument: finalArgument,
    final_image: images[finalArgument] ?? '',
    ...wrapperValues(runtime, wrapper.length > 0),
    ...steps.values,
    command: JSON.stringify(commandOf(input)),
  });
}

function wrapperValues({ image }: Runtime, wrapped: boolean): Record<string, string> {
  const manifests = image.wrapper_manifest.map((file) => `${WRAPPER_FOLDER}/${file}`);
  return {
    wrapper_folder: wrapped ? '/wrapper' : '',
    wrapper_manifest: wrapped ? manifests.join(' ') : '',
    wrapper_install: wrapped ? mounted(image, image.wrapper_install) : '',
    wrapper_files: wrapped ? `${WRAPPER_FOLDER}/` : '',
  };
}

function commandOf({ runtime: { image }, version, start }: DockerfileInput): string[] {
  switch (start.kind) {
    case 'dockerfile':
      return [];
    case 'script':
      return version.script_command ?? image.command.script ?? [];
    default:
      return (image.command[start.kind] ?? []).map((part) => part.replaceAll('{file}', () => start.file));
  }
}
