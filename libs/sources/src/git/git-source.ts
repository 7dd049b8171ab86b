import { SlipwayError } from '@slipway/domain';
import { assertEntryPath } from '../entry-path';

export interface GitSource {
  url: string;
  /** Branch, tag or commit id; the default branch where there is none. */
  ref?: string;
  /** Folder inside the repository; all of it where there is none. */
  path?: string;
}

const DEFAULT_BRANCH = 'HEAD';

/** What git-check-ref-format refuses: options, patterns, ranges and expressions are no names. */
const NO_NAME = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|^[-/.]|[/.]$|^@$|^$/;

/** Shorter ones than git itself would write are names of branches rather than of commits. */
const COMMIT_ID = /^[0-9a-f]{7,40}$/;

/** The reference to fetch. Fails with `source_invalid` where it could mean anything but a name or a commit id. */
export function refOf({ ref = DEFAULT_BRANCH }: GitSource): string {
  if (!NO_NAME.test(ref)) return ref;
  throw new SlipwayError(
    'source_invalid',
    `source.ref ${JSON.stringify(ref)} is neither the name of a branch or tag nor a commit id.`,
    { hint: 'Name a branch (main), a tag (v1.2.0) or a commit by its 40 hexadecimal digits in source.ref.' },
  );
}

export function isCommitId(ref: string): boolean {
  return COMMIT_ID.test(ref);
}

/** The folder to read, without a slash at its end. Fails with `source_invalid` where it is no path of a source. */
export function folderOf({ path }: GitSource): string | undefined {
  if (path === undefined) return undefined;
  const folder = path.replace(/\/$/, '');
  try {
    assertEntryPath(folder);
  } catch (error) {
    throw new SlipwayError('source_invalid', `source.path is refused. ${(error as Error).message}`, {
      cause: error,
      hint: 'Give source.path as a folder inside the repository, such as functions/hello, or leave it out.',
    });
  }
  return folder;
}
