import { SlipwayError, type ErrorCode } from '@slipway/domain';
import { denied, type SourceCredentials } from '../credentials/source-credentials';

/** What was asked for, in the words of the messages. */
export interface Asked {
  url: string;
  ref: string;
  folder?: string;
  /** The header Authorization that was sent. */
  authorization?: string;
}

/** git ended without success. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';

  constructor(
    /** The subcommand: fetch, ls-tree… */
    readonly command: string,
    /** The line in which git says why. */
    readonly line: string,
  ) {
    super(`git ${command} failed: ${line}`);
  }
}

interface Explanation {
  line: RegExp;
  code: ErrorCode;
  message: (asked: Asked) => string;
  hint?: string;
}

type Told = Pick<SlipwayError, 'code' | 'message'> & { hint?: string };

const CHECK_URL = 'Check the URL. A private repository also needs credentials for its host that may read it.';
const TRY_AGAIN = 'The server of the repository is busy; the build is tried again by itself.';

/** By the line that git writes in the locale C; the first match counts. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    // A server that knows nothing of git may seem to be one without any branch.
    line: /couldn't find remote ref HEAD$/,
    code: 'source_missing',
    message: ({ url }) => `source file not found: there is no repository at ${url}, or it is empty.`,
    hint: CHECK_URL,
  },
  {
    line: /couldn't find remote ref|not our ref|unadvertised object|single revision|is ambiguous|expected commit/,
    code: 'source_missing',
    message: ({ url, ref }) => `source file not found: ${url} has no branch, tag or commit ${ref}.`,
    hint: 'Check source.ref, and that the commit was pushed; a commit is best named by all its 40 digits.',
  },
  {
    line: /repository '.*' not found|returned error: (404|410)/,
    code: 'source_missing',
    message: ({ url }) => `source file not found: there is no repository at ${url}.`,
    hint: CHECK_URL,
  },
  {
    line: /returned error: (429|503)/,
    code: 'source_throttled',
    message: ({ url }) => `The server of the repository ${url} asks for fewer requests.`,
    hint: TRY_AGAIN,
  },
  {
    line: /returned error: (408|504)|timed out|Operation too slow/i,
    code: 'source_timeout',
    message: ({ url }) => `The server of the repository ${url} took too long.`,
  },
  {
    line: /returned error: 3\d\d/,
    code: 'source_url_refused',
    message: ({ url }) => `The repository ${url} redirects to another address.`,
    hint: 'Give the address that it leads to; with many hosts it is the same one with .git at its end.',
  },
  {
    line: /is this a git repository\?|dumb http transport|invalid (server|content-type)|bad line length/i,
    code: 'source_invalid',
    message: ({ url }) => `${url} does not answer as a git repository.`,
    hint: 'Give the URL that `git clone` takes, of a server that speaks smart HTTP.',
  },
  {
    line: /mismatched algorithms/,
    code: 'source_invalid',
    message: ({ url }) => `The repository ${url} names its objects by SHA-256; only SHA-1 is read.`,
    hint: 'Send the files as an archive.',
  },
  {
    line: /early EOF|hung up unexpectedly|unexpected disconnect|outstanding read data|pack is corrupted|curl (18|56|92)\b/,
    code: 'source_truncated',
    message: ({ url }) => `The repository ${url} did not arrive whole.`,
  },
  {
    line: /attempting to allocate|out of memory/i,
    code: 'source_too_large',
    message: ({ url }) => `The repository ${url} holds an object that is too large.`,
  },
  {
    line: /No space left on device/,
    code: 'disk_full',
    message: ({ url }) => `There is no space left on the disk for the repository ${url}.`,
    hint: 'Free space in the folder for temporary files of the context-builder.',
  },
  {
    line: /Not a valid object name .*:|not a tree object/,
    code: 'source_missing',
    message: ({ url, ref, folder }) =>
      `source file not found: ${url} has no folder ${JSON.stringify(folder)} at ${ref}.`,
    hint: 'Check source.path: it names a folder inside the repository, in the very case of its letters.',
  },
];

/** Hosts ask for credentials also where there is nothing, so as not to tell what exists. */
const DENIED = /could not read Username|Authentication failed|returned error: (401|403)/;

/** What is told by no line: a transfer may succeed the next time, what was transferred stays as it is. */
function unexplained(command: string): Omit<Explanation, 'line'> {
  if (command === 'fetch')
    return { code: 'source_unreachable', message: ({ url }) => `The repository ${url} cannot be fetched.` };
  return { code: 'source_invalid', message: ({ url }) => `The repository ${url} cannot be read.` };
}

function explanationOf(command: string, line: string, asked: Asked): Told {
  if (DENIED.test(line)) {
    const missing = `The repository ${asked.url} does not exist, or`;
    return denied(new URL(asked.url), missing, asked.authorization !== undefined);
  }
  const found = EXPLANATIONS.find((explanation) => explanation.line.test(line)) ?? unexplained(command);
  return { ...found, message: found.message(asked) };
}

const LINE_LENGTH = 300;

/** The cause of a failure for whoever asked for the source; git's own line goes with it, without what was secret in it. */
export function explained(
  failure: GitFailure,
  asked: Asked,
  credentials: Pick<SourceCredentials, 'redacted'>,
): SlipwayError {
  // Cut last: half a secret would not be found.
  const logLine = credentials.redacted(failure.line).slice(0, LINE_LENGTH);
  const { code, message, hint } = explanationOf(failure.command, logLine, asked);
  return new SlipwayError(code, message, { hint, logLine });
}

/** The first line of an error, without what a terminal would obey; servers have a say in it. */
export function tellingLine(stderr: string): string | undefined {
  const lines = stderr.split(/[\r\n]+/);
  const line = lines.find((each) => /^(fatal|error): /.test(each)) ?? lines.find((each) => each !== '');
  return line?.replace(/\p{Cc}/gu, ' ');
}
