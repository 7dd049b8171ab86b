import { constants, type Dirent } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ObjectStore, SlipwayError, isSlipwayError, type ObjectInfo } from '@slipway/domain';
import { explained } from './file-errors';
import { assertNoLinkedFolder, objectPath } from './object-path';
import { isTemporary, replaceFile } from './write-atomically';

/** Without O_NONBLOCK opening a named pipe would wait for a writer; a link could lead out of the store. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Objects as files `{root}/{bucket}/{key}`: the object store of the local platform. Links are never followed. */
export class FileObjectStore extends ObjectStore {
  constructor(private readonly options: { root: string }) {
    super();
  }

  async get(bucket: string, key: string, limit: number): Promise<Buffer> {
    const path = objectPath(this.options.root, bucket, key);
    const name = `${bucket}/${key}`;
    try {
      await assertNoLinkedFolder(this.options.root, path);
      return await read(path, name, limit);
    } catch (error) {
      throw explained(error, name);
    }
  }

  async list(bucket: string, prefix: string, limit: number): Promise<ObjectInfo[]> {
    // The folder that holds whatever begins with the prefix; the placeholder stands for the rest of a name.
    const pattern = objectPath(this.options.root, bucket, `${prefix.slice(0, prefix.lastIndexOf('/') + 1)}x`);
    const top = join(this.options.root, bucket);
    try {
      await assertNoLinkedFolder(this.options.root, pattern);
      const entries = await readdir(join(pattern, '..'), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && !isTemporary(entry.name)).map(pathOf);
      const keys = files
        .map((file) => relative(top, file).split(sep).join('/'))
        .filter((key) => key.startsWith(prefix));
      keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      return await Promise.all(keys.slice(0, limit).map((key) => infoOf(top, key)));
    } catch (error) {
      const failure = explained(error, `${bucket}/${prefix}`);
      if (isSlipwayError(failure) && failure.code === 'source_missing') return [];
      throw failure;
    }
  }

  async put(bucket: string, key: string, bytes: Buffer): Promise<void> {
    const path = objectPath(this.options.root, bucket, key);
    try {
      await mkdir(this.options.root, { recursive: true });
      await assertNoLinkedFolder(this.options.root, path);
      await replaceFile(path, bytes);
    } catch (error) {
      throw explained(error, `${bucket}/${key}`);
    }
  }
}

async function read(path: string, name: string, limit: number): Promise<Buffer> {
  const file = await open(path, FLAGS);
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new SlipwayError('source_missing', `source file not found: ${name}`);
    if (info.size > limit) {
      throw new SlipwayError(
        'source_too_large',
        `${name} has ${info.size} bytes; at most ${limit} are taken.`,
      );
    }
    // Objects are replaced, never written in place: the file that is open does not grow.
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function pathOf(entry: Dirent): string {
  return join(entry.parentPath, entry.name);
}

async function infoOf(top: string, key: string): Promise<ObjectInfo> {
  const info = await stat(join(top, key));
  return { key, size: info.size, etag: `${info.mtimeMs}-${info.size}` };
}
