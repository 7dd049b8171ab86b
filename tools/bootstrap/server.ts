import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { spawnDetached } from './detached.ts';
import { tailLines, tellingLine } from './log-file.ts';
import { isAlive } from './process-identity.ts';
import { Refusal } from './refusal.ts';
import type { RunRecord } from './run-record.ts';
import type { ServiceUser } from './service-user.ts';
import { waitFor } from './wait.ts';

export interface Server {
  /** Its name in the record and of its log file. */
  name: string;
  /** Its name in sentences. */
  title: string;
  port: number;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  user?: ServiceUser;
  isReady: () => Promise<true | undefined>;
}

const READY_LIMIT_MS = 60_000;

/**
 * Starts a process, records it at once, and returns when it is ready. Throws a Refusal with the telling line of its
 * log where it ends or does not get ready within a minute; the record then still names it, so that it gets stopped.
 */
export async function startServer(context: Context, record: RunRecord, server: Server): Promise<void> {
  const logFile = join(context.state.logs, `${server.name}.log`);
  const offset = existsSync(logFile) ? statSync(logFile).size : 0;
  const { command, args, env, user, cwd = '/' } = server;
  const identity = await spawnDetached({ command, args, env, cwd, logFile, uid: user?.uid, gid: user?.gid });
  record.add({ name: server.name, port: server.port, ...identity });
  const outcome = await waitFor(
    async () => {
      if (!isAlive(identity)) return 'ended';
      return (await server.isReady()) && 'ready';
    },
    { limitMs: READY_LIMIT_MS, signal: context.signal },
  );
  if (outcome === 'ready') return;
  const what =
    outcome === 'ended' ? 'ended while starting' : `was not ready after ${READY_LIMIT_MS / 1000} s`;
  throw new Refusal(
    `${server.title} ${what}: ${tellingLine(tailLines(logFile, offset))} (whole log: ${logFile})`,
  );
}
