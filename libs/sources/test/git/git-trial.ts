import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSlipwayError, type FetchedSource } from '@slipway/domain';
import { MemoryObjectStore } from '@slipway/testing';
import type { SourceLimits } from '../../src/limits';
import { SourceReader, type SourceReaderOptions } from '../../src/source-reader';
import type { GitSource } from '../../src/git/git-source';
import { GitServer } from './git-server';

type Options = Partial<SourceReaderOptions>;

/** A server of repositories, and a reader that may fetch from it alone, and asks once where not told otherwise. */
export class GitTrial {
  private constructor(
    readonly server: GitServer,
    /** Where fetches have their folders. */
    readonly temporaryFolder: string,
  ) {}

  static async begin(): Promise<GitTrial> {
    return new GitTrial(await GitServer.start(), await mkdtemp(join(tmpdir(), 'slipway-git-trial-')));
  }

  async end(): Promise<void> {
    await this.server.stop();
    await rm(this.temporaryFolder, { recursive: true, force: true });
  }

  /** What a fetch has left behind. */
  remains(): Promise<string[]> {
    return readdir(this.temporaryFolder);
  }

  read(source: GitSource, limits: Partial<SourceLimits> = {}, options: Options = {}): Promise<FetchedSource> {
    const reader = new SourceReader({
      objects: new MemoryObjectStore(),
      buckets: [],
      httpHosts: [this.server.host],
      temporaryFolder: this.temporaryFolder,
      limits: { tries: 1, ...limits },
      ...options,
    });
    return reader.fetch({ kind: 'git', ...source });
  }

  async files(source: GitSource, limits?: Partial<SourceLimits>): Promise<Record<string, string>> {
    const { entries } = await this.read(source, limits);
    return Object.fromEntries(entries.map(({ path, content }) => [path, content.toString()]));
  }

  /** Code and message of the failure; what was read where there is none. */
  async refusal(source: GitSource, limits?: Partial<SourceLimits>, options?: Options): Promise<string> {
    const outcome: unknown = await this.read(source, limits, options).catch((error: unknown) => error);
    return isSlipwayError(outcome) ? `${outcome.code}: ${outcome.message}` : String(outcome);
  }
}
