import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `image.json`: what an image folder holds, and how it is started. */
export interface ImageManifest {
  schema: 1;
  runtime: string;
  /** The version that was really used, such as 24.21.0. */
  version: string;
  requestedVersion: string;
  interpreter: 'nodejs' | 'python' | 'binary';
  /** `{image}` and `{wrapper}` stand for the folders, whose places differ from machine to machine. */
  args: string[];
  /** Id of the shared wrapper, which lies outside the image. */
  wrapper?: string;
  notes: string[];
}

export const IMAGE_MANIFEST = 'image.json';

const WRAPPER_ID = /^[a-z][a-z0-9]*-[0-9a-f]{12}$/;

/** Reads and checks it: a builder has written it, and so might the code that it ran. */
export async function readImageManifest(folder: string): Promise<ImageManifest> {
  const manifest = JSON.parse(
    await readFile(join(folder, IMAGE_MANIFEST), 'utf8'),
  ) as Partial<ImageManifest> | null;
  if (!isManifest(manifest)) throw new Error(`${IMAGE_MANIFEST} of the image is not of schema 1`);
  return manifest;
}

function isManifest(value: Partial<ImageManifest> | null): value is ImageManifest {
  return (
    value?.schema === 1 &&
    [value.runtime, value.version, value.requestedVersion].every((each) => typeof each === 'string') &&
    ['nodejs', 'python', 'binary'].includes(String(value.interpreter)) &&
    isTexts(value.args) &&
    isTexts(value.notes) &&
    (value.wrapper === undefined || (typeof value.wrapper === 'string' && WRAPPER_ID.test(value.wrapper)))
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
