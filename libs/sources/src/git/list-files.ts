import type { EntryCollector } from '../entry-collector';
import { refuseEntry } from '../entry-path';
import type { SourceLimits } from '../limits';
import type { Git } from './git-command';
import { GitFailure } from './git-failure';

export interface ListedFile {
  path: string;
  executable: boolean;
  /** Object id of its content. */
  id: string;
  size: number;
}

/** Of a record at most: mode, type, id, size, and the longest path that is taken. */
const RECORD_BYTES = 1200;
const RECORD = /^(\d{6}) (\w+) ([0-9a-f]{40}) +(\d+|-)\t(.*)$/s;

const KINDS: Readonly<Record<string, string>> = { '120000': 'a symlink', '160000': 'a submodule' };

function listed(record: string): ListedFile {
  const [, mode = '', type, id = '', size, path = ''] = RECORD.exec(record) ?? [];
  if (type === undefined) throw new GitFailure('ls-tree', `unexpected answer ${JSON.stringify(record)}`);
  if (type !== 'blob' || !mode.startsWith('100')) {
    refuseEntry(path, `is ${KINDS[mode] ?? 'of an unknown kind'}; only regular files are taken`);
  }
  return { path, executable: (parseInt(mode, 8) & 0o111) !== 0, id, size: Number(size) };
}

/** The files of a tree; each is admitted by the collector before the content of any is read. */
export async function listFiles(
  git: Git,
  tree: string,
  collector: EntryCollector,
  limits: SourceLimits,
): Promise<ListedFile[]> {
  const exceeded = `The source has more than ${limits.entries} entries.`;
  const limit = { bytes: limits.entries * RECORD_BYTES, exceeded };
  const list = await git.run('ls-tree', ['-r', '-l', '-z', '--full-tree', tree], { limit });
  const records = list.toString().split('\0').slice(0, -1);
  return records.map((record) => {
    collector.count();
    const file = listed(record);
    collector.admit(file.path, file.size);
    return file;
  });
}
