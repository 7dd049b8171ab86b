import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { SlipwayError } from '@slipway/domain';
import { GitFailure, tellingLine } from './git-failure';

interface GitSetting {
  /** The bare repository, which is also the one place that git may write to. */
  folder: string;
  environment: Readonly<Record<string, string>>;
  /** `key=value` */
  configuration: readonly string[];
  /** Ends whatever runs. */
  signal: AbortSignal;
}

/** Bytes that git may answer with, and what it means when there are more. */
interface AnswerLimit {
  bytes: number;
  exceeded: string;
}

interface GitRun {
  input?: string;
  /** Variables that only this command sees. */
  environment?: Readonly<Record<string, string>>;
  limit?: AnswerLimit;
}

interface Ended {
  stdout: Buffer;
  stderr: string;
  code: number | null;
  killedBy: NodeJS.Signals | null;
}

const SHORT_ANSWER: AnswerLimit = { bytes: 4096, exceeded: 'git answers more than it was asked.' };
const COMPLAINT_BYTES = 16 * 1024;

async function answer(stdout: Readable, { bytes, exceeded }: AnswerLimit): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytes) throw new SlipwayError('source_too_large', exceeded);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The end of what git says on stderr: its own words come last, and a server may send as many as it likes. */
async function complaint(stderr: Readable): Promise<string> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of stderr as AsyncIterable<Buffer>) {
    tail = Buffer.concat([tail, chunk]).subarray(-COMPLAINT_BYTES);
  }
  return tail.toString();
}

/** git transfers by processes of its own, so it leads a group that is ended as a whole. */
function endGroup({ pid }: ChildProcessWithoutNullStreams): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // No such process: all of them have ended by themselves.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function notStarted(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new SlipwayError(
    'source_kind_unsupported',
    'The source is a git repository, but the program git is not installed beside the context-builder.',
    { cause: error },
  );
}

/** The system's git on one repository, with nothing of the machine's settings. */
export class Git {
  constructor(private readonly setting: GitSetting) {}

  /**
   * Runs one command to its end, and gives what it wrote. Fails with GitFailure where git says no, with the signal's
   * reason where that ended it; no process is left behind in any case.
   */
  async run(
    command: string,
    args: readonly string[],
    { input = '', environment = {}, limit = SHORT_ANSWER }: GitRun = {},
  ): Promise<Buffer> {
    this.setting.signal.throwIfAborted();
    const { stdout, stderr, code, killedBy } = await this.ended(
      this.start([command, ...args], environment),
      input,
      limit,
    );
    this.setting.signal.throwIfAborted();
    if (code === 0) return stdout;
    throw new GitFailure(command, tellingLine(stderr) ?? `git ended with ${killedBy ?? `code ${code}`}`);
  }

  /** Sees a process to its end, which the signal or too long an answer brings about at once. */
  private async ended(
    child: ChildProcessWithoutNullStreams,
    input: string,
    limit: AnswerLimit,
  ): Promise<Ended> {
    const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const end = (): void => endGroup(child);
    this.setting.signal.addEventListener('abort', end);
    try {
      // Where git ends before it has read everything, it says why on stderr.
      child.stdin.on('error', () => undefined).end(input);
      const all = Promise.all([answer(child.stdout, limit), complaint(child.stderr), closed]);
      const [stdout, stderr, [code, killedBy]] = await all;
      return { stdout, stderr, code, killedBy };
    } catch (error) {
      end();
      await closed.catch(() => undefined);
      throw notStarted(error);
    } finally {
      this.setting.signal.removeEventListener('abort', end);
    }
  }

  private start(args: readonly string[], more: GitRun['environment']): ChildProcessWithoutNullStreams {
    const { folder, environment, configuration } = this.setting;
    const settings = configuration.flatMap((setting) => ['-c', setting]);
    const env = { ...environment, ...more };
    return spawn('git', [...settings, ...args], { cwd: folder, env, detached: true });
  }
}
