import type { ContextEntry } from '@slipway/domain';
import type { Git } from './git-command';
import { GitFailure } from './git-failure';
import type { ListedFile } from './list-files';

/** What git writes before the content of a file, and a line feed after it. */
function headerOf({ id, size }: ListedFile): string {
  return `${id} blob ${size}\n`;
}

/** Reads contents from the object database as they were committed: no filter or conversion of line ends applies. */
export async function readContents(git: Git, files: readonly ListedFile[]): Promise<ContextEntry[]> {
  const expected = files.reduce((total, file) => total + headerOf(file).length + file.size + 1, 0);
  const input = files.map(({ id }) => `${id}\n`).join('');
  const limit = {
    bytes: expected,
    exceeded: 'git gives more than the contents of the files that it listed.',
  };
  const bytes = await git.run('cat-file', ['--batch', '--buffer'], { input, limit });
  let at = 0;
  return files.map((file) => {
    const { path, executable, size } = file;
    const start = at + headerOf(file).length;
    if (bytes.toString('latin1', at, start) !== headerOf(file) || bytes.length <= start + size) {
      throw new GitFailure('cat-file', `the content of ${JSON.stringify(path)} is missing`);
    }
    at = start + size + 1;
    return { path, executable, content: bytes.subarray(start, start + size) };
  });
}
