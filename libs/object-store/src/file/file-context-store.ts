import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ContextStore, SlipwayError, type ContextGrant, type ContextReference } from '@slipway/domain';
import { explained } from './file-errors';
import { objectPath } from './object-path';
import { createFile, replaceFile } from './write-atomically';

const BUCKET = 'contexts';

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Build contexts as files. */
export class FileContextStore extends ContextStore {
  constructor(private readonly options: { root: string }) {
    super();
  }

  async put(key: string, archive: Buffer): Promise<ContextReference> {
    const path = this.pathOf(key);
    // The key names the content, so what is there is the same; unless a disk has damaged it.
    if (!(await createFile(path, archive)) && sha256(await readFile(path)) !== sha256(archive)) {
      await replaceFile(path, archive);
    }
    return { store: 'file', key, size: archive.length, sha256: sha256(archive) };
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

  async remove(reference: ContextReference): Promise<void> {
    await rm(this.pathOf(reference.key), { force: true });
  }

  private pathOf(key: string): string {
    return objectPath(this.options.root, BUCKET, key);
  }
}
