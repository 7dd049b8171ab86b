import type { Git } from './git-command';
import { GitFailure } from './git-failure';
import { authorizing } from './git-setting';
import { isCommitId } from './git-source';

const FETCHED = 'refs/slipway/source';
/** Commits of each branch and tag among which one is looked for that the server does not hand out by its id. */
const DEPTH = 50;

/** Where to fetch from, and the header Authorization for it. */
interface Remote {
  url: string;
  authorization?: string;
}

function fetch(
  git: Git,
  depth: number,
  { url, authorization }: Remote,
  ...refspecs: string[]
): Promise<Buffer> {
  const plain = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance'];
  const args = [...plain, '--no-write-fetch-head', `--depth=${depth}`, '--', url, ...refspecs];
  return git.run('fetch', args, { environment: authorizing(url, authorization) });
}

/** A server may refuse a commit that no branch or tag points at, and knows none by the beginning of its id. */
function mayLieDeeper(ref: string, error: unknown): boolean {
  const refused =
    error instanceof GitFailure && /unadvertised object|couldn't find remote ref/.test(error.line);
  return refused && isCommitId(ref);
}

/** Fetches one commit with all its files, and what else it takes to find it. Returns its full id. */
export async function fetchCommit(git: Git, remote: Remote, ref: string): Promise<string> {
  await git.run('init', ['--quiet', '--bare', '--template=', '.']);
  let found = FETCHED;
  try {
    await fetch(git, 1, remote, `+${ref}:${FETCHED}`);
  } catch (error) {
    if (!mayLieDeeper(ref, error)) throw error;
    await fetch(git, DEPTH, remote, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*');
    found = ref;
  }
  const id = await git.run('rev-parse', ['--verify', `${found}^{commit}`]);
  return id.toString().trim();
}
