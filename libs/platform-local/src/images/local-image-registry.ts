import { lstat } from 'node:fs/promises';
import { ImageRegistry, SlipwayError } from '@slipway/domain';
import { hasCode } from '../files/json-file';
import { imageFolder, readTag } from './image-store';

const BY_DIGEST = /@(sha256:[0-9a-f]{64})$/;

export class LocalImageRegistry extends ImageRegistry {
  constructor(private readonly options: { root: string }) {
    super();
  }

  async digestOf(reference: string): Promise<string | undefined> {
    try {
      const digest = BY_DIGEST.exec(reference)?.[1] ?? (await readTag(this.options.root, reference))?.digest;
      return digest !== undefined && (await this.holds(digest)) ? digest : undefined;
    } catch (cause) {
      throw new SlipwayError('unavailable', `The local image store could not be read for ${reference}.`, {
        cause,
      });
    }
  }

  private async holds(digest: string): Promise<boolean> {
    try {
      return (await lstat(imageFolder(this.options.root, digest))).isDirectory();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }
}
