import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** An entry that no `git add` would write: any mode, and an object of any kind. */
export interface RawEntry {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  id: string;
}

/** Content by file name, and trees by folder name. */
export interface Tree {
  [name: string]: string | Buffer | Tree | RawEntry;
}

const SOMEBODY = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'somebody',
  GIT_AUTHOR_EMAIL: 'somebody@example.org',
  GIT_COMMITTER_NAME: 'somebody',
  GIT_COMMITTER_EMAIL: 'somebody@example.org',
};

function isRaw(value: Tree | RawEntry): value is RawEntry {
  return typeof value['mode'] === 'string' && typeof value['id'] === 'string';
}

/** A bare repository, written object by object so that it may hold what no honest tool puts into one. */
export class TestRepository {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.git(['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  }

  git(args: readonly string[], input: string | Buffer = ''): string {
    const options = {
      cwd: this.folder,
      env: { ...SOMEBODY, HOME: this.folder },
      input,
      stdio: 'pipe',
    } as const;
    return execFileSync('git', args, options).toString().trim();
  }

  blob(content: string | Buffer): string {
    return this.git(['hash-object', '-w', '--stdin'], content);
  }

  tree(tree: Tree): string {
    const records = Object.entries(tree).map(([name, value]) => {
      const { mode, type, id } = this.entry(value);
      return `${mode} ${type} ${id}\t${name}\0`;
    });
    return this.git(['mktree', '-z'], records.join(''));
  }

  private entry(value: Tree[string]): RawEntry {
    if (typeof value === 'string' || Buffer.isBuffer(value))
      return { mode: '100644', type: 'blob', id: this.blob(value) };
    return isRaw(value) ? value : { mode: '040000', type: 'tree', id: this.tree(value) };
  }

  /** Commits a tree on top of a branch, and returns the commit's id. */
  commit(tree: Tree, branch = 'main'): string {
    return this.commitTree(this.tree(tree), branch);
  }

  commitTree(id: string, branch = 'main'): string {
    const before = this.git(['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);
    const parents = before === '' ? [] : ['-p', before];
    const commit = this.git(['commit-tree', ...parents, '-m', 'a change', id]);
    this.git(['update-ref', `refs/heads/${branch}`, commit]);
    return commit;
  }
}
