import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError, type ContextEntry, type FetchedSource } from '@slipway/domain';
import type { AddressPolicy, CheckedTarget } from '../address-policy/address-policy';
import type { SourceCredentials } from '../credentials/source-credentials';
import { Deadline } from '../deadline';
import { EntryCollector } from '../entry-collector';
import type { SourceLimits } from '../limits';
import { retried } from '../retried';
import { FETCH_FOLDER, removeAbandoned } from './abandoned-folders';
import { fetchCommit } from './fetch-commit';
import { Git } from './git-command';
import { GitFailure, explained, type Asked } from './git-failure';
import { configurationOf, environmentOf, repositoryUrl } from './git-setting';
import { folderOf, refOf, type GitSource } from './git-source';
import { assertRecentGit } from './git-version';
import { listFiles } from './list-files';
import { readContents } from './read-contents';
import { withinBytes } from './within-bytes';

export interface GitOptions {
  policy: AddressPolicy;
  limits: SourceLimits;
  credentials: SourceCredentials;
  /** Where the program git is looked for. */
  searchPath?: string;
  /** Folder for the one folder that a fetch writes to, and that is gone after it. */
  temporaryFolder?: string;
}

const USUAL_PLACES = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

interface Read {
  commit: string;
  entries: ContextEntry[];
}

/** A fetch that has lasted twice its limit of time lasts no more: its process was killed. */
const ABANDONED_AFTER_LIMITS = 2;

/**
 * Reads a repository's files at one commit. Nothing is checked out: they are read from git's own store, so no path, link,
 * filter or hook of the repository has an effect on this machine.
 */
export async function readGit(source: GitSource, options: GitOptions): Promise<FetchedSource> {
  const { limits, temporaryFolder = tmpdir() } = options;
  const asked = { ref: refOf(source), folder: folderOf(source) };
  const deadline = new Deadline(limits.fetchMs);
  await removeAbandoned(temporaryFolder, ABANDONED_AFTER_LIMITS * limits.fetchMs);
  return retried(limits.tries, deadline, async () => {
    const target = await options.policy.check(source.url, deadline.signal);
    const authorization = options.credentials.authorizationFor(target.url);
    const remote: Asked = { ...asked, url: repositoryUrl(target), authorization };
    const repository = await mkdtemp(join(temporaryFolder, FETCH_FOLDER));
    try {
      return await readInto(repository, target, remote, options, deadline.signal);
    } finally {
      await rm(repository, { recursive: true, force: true });
    }
  });
}

async function readInto(
  repository: string,
  target: CheckedTarget,
  asked: Asked,
  options: GitOptions,
  deadline: AbortSignal,
): Promise<FetchedSource> {
  const { limits, credentials } = options;
  try {
    const read = (excess: AbortSignal): Promise<Read> =>
      readCommit(gitOn(repository, target, options, AbortSignal.any([deadline, excess])), asked, limits);
    const { commit, entries } = await withinBytes(
      repository,
      limits.totalBytes,
      tooMuch(asked, limits),
      read,
    );
    return { entries, revision: `${asked.url} ${commit}`, notes: [noteOf(asked, commit)] };
  } catch (error) {
    if (error instanceof GitFailure) throw explained(error, asked, credentials);
    if (error === deadline.reason) throw tooSlow(asked, limits, error);
    throw error;
  }
}

function gitOn(
  folder: string,
  target: CheckedTarget,
  { limits, searchPath = USUAL_PLACES }: GitOptions,
  signal: AbortSignal,
): Git {
  const environment = environmentOf(folder, searchPath, target.url.protocol.slice(0, -1), limits);
  return new Git({ folder, environment, configuration: configurationOf(target, limits), signal });
}

async function readCommit(git: Git, asked: Asked, limits: SourceLimits): Promise<Read> {
  const { ref, folder } = asked;
  await assertRecentGit(git);
  const commit = await fetchCommit(git, asked, ref);
  const collector = new EntryCollector(limits);
  const tree = folder === undefined ? commit : `${commit}:${folder}`;
  const files = await listFiles(git, tree, collector, limits);
  for (const entry of await readContents(git, files)) collector.keep(entry);
  return { commit, entries: collector.entries() };
}

function noteOf({ url, ref }: Asked, commit: string): string {
  return `The source is commit ${commit} of ${url}${ref === commit ? '' : `, which is what ${ref} named`}.`;
}

function tooMuch({ url }: Asked, { totalBytes }: SourceLimits): SlipwayError {
  const message = `The repository ${url} has more than ${totalBytes} bytes at one commit, compressed.`;
  const hint = 'Keep large files out of the repository, or send the folder that is needed as an archive.';
  return new SlipwayError('source_too_large', message, { hint });
}

function tooSlow({ url }: Asked, { fetchMs }: SourceLimits, cause: unknown): SlipwayError {
  const message = `The repository ${url} was not delivered within ${fetchMs / 1000} s.`;
  return new SlipwayError('source_timeout', message, { cause });
}
