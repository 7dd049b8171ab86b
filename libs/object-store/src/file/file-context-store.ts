import { createHash } from 'node:crypto';
import { readFile, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ContextStore,
  SlipwayError,
  contextKeyOf,
  contextOwnerIn,
  type ContextGrant,
  type ContextName,
  type ContextReference,
  type StoredContext,
} from '@slipway/domain';
import { explained } from './file-errors';
import { objectPath } from './object-path';
import { createFile, replaceFile } from './write-atomically';

const BUCKET = 'contexts';

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Build contexts as files. */
export class FileContextStore extends ContextStore {
  readonly kind = 'file';
  readonly maxBytes = Infinity;

  constructor(private readonly options: { root: string }) {
    super();
  }

  keyOf(name: ContextName): string {
    return contextKeyOf(name);
  }

  async put(name: ContextName, archive: Buffer): Promise<ContextReference> {
    const key = this.keyOf(name);
    const path = this.pathOf(key);
    // The key names the content, so what is there is the same; unless a disk has damaged it.
    if (!(await createFile(path, archive)) && sha256(await readFile(path)) !== sha256(archive)) {
      await replaceFile(path, archive);
    }
    return { store: this.kind, key, size: archive.length, sha256: sha256(archive) };
  }

  async renew(_name: ContextName, reference: ContextReference): Promise<boolean> {
    const bytes = await readFile(this.pathOf(reference.key)).catch(ifGone);
    return bytes !== undefined && sha256(bytes) === reference.sha256;
  }

  async grant(reference: ContextReference): Promise<ContextGrant> {
    const path = this.pathOf(reference.key);
    const bytes = await readFile(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw explained(error, reference.key);
      throw new SlipwayError('source_missing', `The stored context ${reference.key} is gone.`, {
        cause: error,
      });
    });
    if (sha256(bytes) !== reference.sha256) {
      throw new SlipwayError('source_invalid', `The stored context ${reference.key} is damaged.`);
    }
    return { url: pathToFileURL(path).href, size: reference.size, sha256: reference.sha256 };
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await rm(path, { force: true });
    // Its folder held nothing else, save what a killed writer has left.
    await rmdir(dirname(path)).catch((error: unknown) => {
      if (!['ENOENT', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
  }

  async *list(): AsyncIterable<StoredContext> {
    const top = join(this.options.root, BUCKET);
    for (const path of await filesBelow(top)) {
      const info = await stat(path).catch(ifGone);
      if (!info) continue;
      const key = relative(top, path).split(sep).join('/');
      yield { key, size: info.size, ...contextOwnerIn(key) };
    }
  }

  private pathOf(key: string): string {
    return objectPath(this.options.root, BUCKET, key);
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifGone);
  return (entries ?? []).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function ifGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
