import { join } from 'node:path';
import { SlipwayError } from '@slipway/domain';
import { majorOf, nodeForVersion } from '../tools/node-programs';
import type { ImageManifest } from './image-manifest';

export interface FunctionCommandInput {
  /** The image's folder, as the function will see it. */
  imageDir: string;
  wrappersDir: string;
  image: ImageManifest;
  /** The platform's own Node, which runs every function of its major version. */
  nodePath?: string;
}

export interface FunctionCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
}

/** How a function's process is started. PORT, and whatever the function is configured with, come from the caller. */
export function functionCommand(input: FunctionCommandInput): FunctionCommand {
  const { imageDir, wrappersDir, image } = input;
  const wrapper = image.wrapper === undefined ? '' : join(wrappersDir, image.wrapper);
  return {
    command: programOf(input),
    args: image.args.map((each) =>
      each.replaceAll('{image}', () => imageDir).replaceAll('{wrapper}', () => wrapper),
    ),
    env: { ...environmentOf(image), SLIPWAY_LISTEN_HOST: '127.0.0.1' },
    cwd: join(imageDir, 'app'),
  };
}

function programOf({ imageDir, image, nodePath = process.execPath }: FunctionCommandInput): string {
  switch (image.interpreter) {
    case 'binary':
      return join(imageDir, 'bin', 'function');
    case 'python':
      return join(imageDir, 'venv', 'bin', 'python');
    case 'nodejs':
      if (majorOf(image.version) === majorOf(process.versions.node)) return nodePath;
      return nodeForVersion(image.version) ?? missing(image.version);
  }
}

function missing(version: string): never {
  throw new SlipwayError(
    'deploy_failed',
    `Node ${majorOf(version)}, with which the function was built, is no longer on PATH.`,
  );
}

function environmentOf({ interpreter }: ImageManifest): Record<string, string> {
  switch (interpreter) {
    case 'nodejs':
      return { NODE_ENV: 'production' };
    case 'python':
      // The image is read-only, and brings its compiled modules.
      return { PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };
    case 'binary':
      return {};
  }
}
