import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Upload } from './wish.ts';

/** Puts sources into the folder of the file object store, each key once. */
export class Uploads {
  private readonly folder: string;
  private readonly done = new Map<string, Promise<void>>();

  constructor(folder: string) {
    this.folder = folder;
  }

  async ensure(uploads: readonly Upload[]): Promise<void> {
    await Promise.all(uploads.map((upload) => this.one(upload)));
  }

  private one(upload: Upload): Promise<void> {
    const known = this.done.get(upload.key) ?? this.write(upload);
    this.done.set(upload.key, known);
    return known;
  }

  private async write({ key, files }: Upload): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, key, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }
}
