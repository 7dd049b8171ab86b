import { ImageRegistry, SlipwayError } from '@slipway/domain';

/** Images in memory, by tag and by digest. */
export class MemoryImageRegistry extends ImageRegistry {
  private readonly digests = new Map<string, string>();
  /** Where true, it cannot be asked. */
  away = false;

  /** Lays down an image `repository:tag`, which is then also known as `repository@digest`. */
  hold(reference: string, digest: string): void {
    this.digests.set(reference, digest);
    this.digests.set(`${reference.replace(/:[^:/]*$/, '')}@${digest}`, digest);
  }

  drop(digest: string): void {
    for (const [reference, held] of this.digests) if (held === digest) this.digests.delete(reference);
  }

  async digestOf(reference: string): Promise<string | undefined> {
    if (this.away) throw new SlipwayError('unavailable', 'The registry does not answer.');
    return this.digests.get(reference);
  }
}
