import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { lchown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SlipwayError } from '@slipway/domain';
import {
  endFamily,
  hasCode,
  localFunctionCommand,
  reachableCopy,
  serviceFolder,
  TenantUsers,
  type Family,
  type FunctionCommand,
  type UnixUser,
} from '@slipway/platform-local';
import { freePort } from './free-port';
import type { FunctionDefinition, FunctionLog } from './function-definition';
import { functionEnvironment, type EventNames, type FunctionPlace } from './function-environment';
import { FunctionOutput } from './function-output';
import { FunctionStarter, type RunningFunction } from './function-starter';
import type { ProcessRegistry } from './process-registry';
import { untilReady, type AwaitedProcess } from './readiness';
import { tellingLine } from './telling-line';

export interface ProcessStarterOptions {
  root: string;
  /** What is run for an image; by default what the local image store says. */
  commandOf?: (definition: FunctionDefinition) => Promise<FunctionCommand>;
  registry: ProcessRegistry;
  events: EventNames;
  /** The PATH that functions get. */
  path: string;
  log: FunctionLog;
  /** Default 30 s. */
  readyMs?: number;
  /** Between SIGTERM and SIGKILL. Default 10 s. */
  graceMs?: number;
}

const READY_MS = 30_000;
const GRACE_MS = 10_000;
const OUTPUT_MS = 1_000;
const PORT_TRIES = 3;

/** Functions as processes of this machine, each in a session of its own, as the tenant's user where that can be. */
export class ProcessStarter extends FunctionStarter {
  private readonly users: TenantUsers;
  private readonly commandOf: (definition: FunctionDefinition) => Promise<FunctionCommand>;

  constructor(private readonly options: ProcessStarterOptions) {
    super();
    const { root } = options;
    this.users = new TenantUsers({ root });
    this.commandOf = options.commandOf ?? (({ digest }) => localFunctionCommand(root, digest));
  }

  async start(definition: FunctionDefinition): Promise<RunningFunction> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.startOnce(definition);
      } catch (error) {
        if (hasCode(error, 'ENOSPC')) {
          const message = `The disk has no room to start the function ${definition.service}.`;
          throw new SlipwayError('unavailable', message, { cause: error });
        }
        // Somebody else took the port between our look and the start.
        const taken =
          error instanceof SlipwayError && /EADDRINUSE|address already in use/i.test(error.logLine ?? '');
        if (!taken || tries === PORT_TRIES) throw error;
      }
    }
  }

  private async startOnce(definition: FunctionDefinition): Promise<RunningFunction> {
    const { root, log } = this.options;
    const user = await this.users.userFor(definition.tenant);
    const place = await this.makePlace(definition, user);
    const command = await this.commandOf(definition);
    const program = user === undefined ? command.command : await reachableCopy(root, command.command);
    const env = functionEnvironment(definition, place, this.options.events, command.env);
    const { child, family } = this.options.registry.start(user?.gid, (mark) =>
      spawned(
        spawn(program, command.args, {
          cwd: command.cwd,
          detached: true,
          env: { ...env, ...mark },
          stdio: ['ignore', 'pipe', 'pipe'],
          ...user,
        }),
        log,
      ),
    );
    const output = new FunctionOutput(join(serviceFolder(root, definition.service), 'log'), log);
    output.take(child.stdout);
    output.take(child.stderr);
    const exited = this.exitOf(child, family).then(() => tellingLine(output.lastLines()));
    const stop = async (): Promise<void> => {
      await endFamily(family, this.options.graceMs ?? GRACE_MS);
      await exited;
    };
    const { anyAnswer } = command;
    await this.untilReady(definition, { port: place.port, anyAnswer, uid: user?.uid }, exited, stop);
    return { port: place.port, exited, stop };
  }

  /** Resolves when the process has ended, what it had started is gone too, and its last words are read. */
  private async exitOf(child: ChildProcess, family: Family): Promise<void> {
    const closed = once(child, 'close').catch(() => undefined);
    try {
      await once(child, 'exit');
      await endFamily(family, 0);
    } catch (error) {
      this.options.log.warn({ err: error }, 'a function could not be started or ended');
    }
    this.options.registry.remove(family);
    await Promise.race([closed, pause(OUTPUT_MS, undefined, { ref: false })]);
  }

  private async untilReady(
    { service }: FunctionDefinition,
    { port, anyAnswer, uid }: AwaitedProcess,
    exited: Promise<string | undefined>,
    stop: () => Promise<void>,
  ): Promise<void> {
    const over = new AbortController();
    const limit = this.options.readyMs ?? READY_MS;
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(limit)]);
    const crashed = exited.then((logLine) => {
      throw new SlipwayError('function_crashed', `The function ${service} ended while it was starting.`, {
        logLine,
      });
    });
    try {
      if (await Promise.race([untilReady({ port, anyAnswer, uid }, signal), crashed])) return;
    } finally {
      over.abort();
      crashed.catch(() => undefined);
    }
    await stop();
    const message = `The function ${service} was not ready after ${limit / 1000} s.`;
    throw new SlipwayError('function_not_ready', message, { logLine: await exited });
  }

  private async makePlace(
    { service }: FunctionDefinition,
    user: UnixUser | undefined,
  ): Promise<FunctionPlace> {
    const folder = serviceFolder(this.options.root, service);
    const place = { path: this.options.path, home: join(folder, 'home'), temporary: join(folder, 'tmp') };
    for (const path of [place.home, place.temporary]) {
      await makeFolder(path, service);
      if (user !== undefined) await lchown(path, user.uid, user.gid);
    }
    return { ...place, port: await freePort() };
  }
}

/** Fails with `unavailable` where there is no process: too many of them or of open files, or a program that is gone. */
function spawned<Child extends ChildProcess>(child: Child, log: FunctionLog): Child {
  if (child.pid !== undefined) return child;
  // Why comes with the next tick, and would end the gateway if nobody heard it.
  child.once('error', (error) => log.warn({ err: error }, 'the process of a function could not be started'));
  throw new SlipwayError('unavailable', 'The process of the function could not be started.', {
    hint: 'The log of the gateway says why; try again in a moment.',
  });
}

/** Not its parents: a service that is being removed must not come back by the start of its function. */
async function makeFolder(path: string, service: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (hasCode(error, 'ENOENT'))
      throw new SlipwayError('not_found', `The function ${service} has just been removed.`);
    throw error;
  }
}
