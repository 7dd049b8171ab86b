import { realpath } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { SlipwayError } from '@slipway/domain';

const BUCKET = /^[a-z0-9][a-z0-9.-]{0,62}$/;
const MAX_KEY = 1024;

function isPlain(bucket: string, key: string): boolean {
  const parts = key.split('/');
  return (
    BUCKET.test(bucket) &&
    Buffer.byteLength(key) <= MAX_KEY &&
    !key.includes('\0') &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** The file of an object. Fails with `source_denied` for names that would lead anywhere else. */
export function objectPath(root: string, bucket: string, key: string): string {
  const path = resolve(root, bucket, key);
  if (!isPlain(bucket, key) || !path.startsWith(resolve(root, bucket) + sep)) {
    throw new SlipwayError(
      'source_denied',
      `${JSON.stringify(`${bucket}/${key}`)} is not the name of an object.`,
    );
  }
  return path;
}

async function nearestReal(folder: string, root: string): Promise<{ folder: string; real: string }> {
  try {
    return { folder, real: await realpath(folder) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === root) throw error;
    return nearestReal(dirname(folder), root);
  }
}

/**
 * Fails with `source_denied` where a folder on the way to the path is a link, which could lead out of the store. Folders
 * that do not exist yet are no links. A file that is a link itself is refused when it is opened, and replaced when written.
 */
export async function assertNoLinkedFolder(root: string, path: string): Promise<void> {
  const top = resolve(root);
  const { folder, real } = await nearestReal(dirname(path), top);
  if (real !== join(await realpath(top), folder.slice(top.length))) {
    throw new SlipwayError('source_denied', 'The object lies behind a link.');
  }
}
