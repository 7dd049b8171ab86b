import { createHash } from 'node:crypto';
import { ContextStore, SlipwayError, type ContextGrant, type ContextReference } from '@slipway/domain';

/** Contexts in memory; a grant carries the archive itself as a `data:` URL. */
export class MemoryContextStore extends ContextStore {
  private readonly archives = new Map<string, Buffer>();

  async put(key: string, archive: Buffer): Promise<ContextReference> {
    this.archives.set(key, Buffer.from(archive));
    const sha256 = createHash('sha256').update(archive).digest('hex');
    return { store: 'file', key, size: archive.length, sha256 };
  }

  async grant(reference: ContextReference): Promise<ContextGrant> {
    const archive = this.archives.get(reference.key);
    if (!archive) throw new SlipwayError('source_missing', `The stored context ${reference.key} is gone.`);
    const url = `data:application/gzip;base64,${archive.toString('base64')}`;
    return { url, size: reference.size, sha256: reference.sha256 };
  }

  async remove(reference: ContextReference): Promise<void> {
    this.archives.delete(reference.key);
  }

  get keys(): string[] {
    return [...this.archives.keys()].sort();
  }
}
