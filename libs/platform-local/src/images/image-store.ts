import { createHash, randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, readJson, writeJson } from '../files/json-file';
import { deleteTree } from '../files/remove-tree';
import { stateLayout } from '../layout/state-layout';
import { treeDigest } from './canonical-tree';
import { freezeTree, ImageRefused, IMAGE_LIMITS, type ImageLimits } from './freeze-tree';

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/** The folder of an image. Fails where `digest` is not `sha256:` + 64 hex, which keeps paths out of it. */
export function imageFolder(root: string, digest: string): string {
  const hex = DIGEST.exec(digest)?.[1];
  if (hex === undefined) throw new Error(`not a digest: ${JSON.stringify(digest)}`);
  return join(stateLayout(root).images, hex);
}

/** A tag's file; the reference itself never becomes a path. */
function tagFile(root: string, imageUri: string): string {
  return join(
    stateLayout(root).images,
    'tags',
    `${createHash('sha256').update(imageUri).digest('hex')}.json`,
  );
}

export interface TagRecord {
  image_uri: string;
  digest: string;
}

/**
 * Moves a builder's output into the store and tags it. Returns its digest. Fails with `ImageRefused` where it holds
 * what an image must not; nothing of it is then left.
 */
export async function pushImage(
  root: string,
  output: string,
  imageUri: string,
  limits: ImageLimits = IMAGE_LIMITS,
): Promise<string> {
  const { images } = stateLayout(root);
  // Passable, not readable: who does not know a digest finds no image.
  await mkdir(join(images, 'tags'), { recursive: true, mode: 0o711 });
  await mkdir(join(images, '.incoming'), { recursive: true, mode: 0o700 });
  const incoming = join(images, '.incoming', randomUUID());
  try {
    await takeOutput(output, incoming);
    await freezeTree(incoming, limits);
    const digest = await treeDigest(incoming);
    await moveIn(incoming, imageFolder(root, digest));
    await writeJson(tagFile(root, imageUri), { image_uri: imageUri, digest } satisfies TagRecord);
    return digest;
  } finally {
    await deleteTree(incoming);
  }
}

export function readTag(root: string, imageUri: string): Promise<TagRecord | undefined> {
  return readJson(tagFile(root, imageUri));
}

async function takeOutput(output: string, incoming: string): Promise<void> {
  try {
    await rename(output, incoming);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw new ImageRefused('the builder has left no folder');
    throw error;
  }
  // Looked at only here, where nobody else can exchange it any more.
  if (!(await lstat(incoming)).isDirectory()) throw new ImageRefused('the builder has left no folder');
}

async function moveIn(incoming: string, folder: string): Promise<void> {
  try {
    await rename(incoming, folder);
    // Last, because only a folder that can be written to can be moved.
    await chmod(folder, 0o555);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}
