import { SlipwayError } from '@slipway/domain';
import type { Git } from './git-command';

/** git 2.37.0 is the first with http.curloptResolve; older ones pass over it, and would resolve the name again. */
const OLDEST = { major: 2, minor: 37 };

/** Whether `git version 2.39.5 (some vendor)` is new enough. */
export function isRecent(answer: string): boolean {
  const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(answer) ?? [];
  if (major === undefined) return false;
  return Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
}

/** Fails with `source_kind_unsupported` where git is missing or too old to be held to one address. */
export async function assertRecentGit(git: Git): Promise<void> {
  const answer = (await git.run('version', [])).toString().trim();
  if (isRecent(answer)) return;
  throw new SlipwayError(
    'source_kind_unsupported',
    `The source is a git repository, which needs git ${OLDEST.major}.${OLDEST.minor} or newer; installed is ${answer}.`,
  );
}
