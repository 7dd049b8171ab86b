import type { ObjectStore } from '@slipway/domain';
import { SourceReader } from '../../src/source-reader';

/** Fetches a repository as a process of its own, which is killed meanwhile. */
async function main(url: string, temporaryFolder: string): Promise<void> {
  const reader = new SourceReader({
    objects: {} as ObjectStore,
    buckets: [],
    httpHosts: [new URL(url).host],
    temporaryFolder,
    // The git that it leaves ends by itself after this time.
    limits: { fetchMs: 3_000, tries: 1 },
  });
  await reader.fetch({ kind: 'git', url });
}

void main(process.argv[2]!, process.argv[3]!);
