import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BROKER_PROCESS } from '../../bootstrap/broker-node.ts';
import { ensureBroker } from '../../bootstrap/broker.ts';
import { DATABASE_PROCESS, ensureDatabase } from '../../bootstrap/database.ts';
import { APP_NAMES, type AppName, type Ports } from '../../bootstrap/ports.ts';
import { Refusal } from '../../bootstrap/refusal.ts';
import type { Scratch } from '../../bootstrap/scratch.ts';
import { tailLines, tellingLine } from '../../bootstrap/log-file.ts';
import { waitFor } from '../../bootstrap/wait.ts';
import { AppProcess, type AppOptions } from './app-process.ts';
import { familyOf, signalTo } from './process-state.ts';

export interface SystemOptions {
  /** How many replicas each app has; the gateway of the local platform owns its processes alone and has one. */
  replicas: number;
  /** Name of the replica whose clock is ahead by two hours. */
  skewed?: string;
}

/** Short periods, so that what takes minutes otherwise is seen within a run. */
const SETTINGS = {
  SOURCE_HTTP_HOSTS: '127.0.0.1',
  IDLE_SECONDS: '3',
  MAX_CONCURRENT_BUILDS: '4',
  MAX_CONCURRENT_BUILDS_PER_TENANT: '3',
  MONITOR_INTERVAL: '0.3',
  RECONCILE_INTERVAL: '3',
  SHUTDOWN_GRACE: '5',
  LOG_LEVEL: 'warn',
};

const REPLICA_OFFSET = 40;
const SKEW_SECONDS = 2 * 60 * 60;
const READY_LIMIT_MS = 60_000;

/** Where a replica listens; the first has the app's own port. */
export function replicaPort(ports: Ports, app: AppName, replica: number): number {
  const further = (replica - 1) * APP_NAMES.length + APP_NAMES.indexOf(app);
  return replica === 0 ? ports.apps[app] : ports.base + REPLICA_OFFSET + further;
}

function replicasOfEach({ context }: Scratch, { replicas, skewed }: SystemOptions): AppOptions[] {
  const bundles = join(context.root, 'dist', 'apps');
  return APP_NAMES.flatMap((app) =>
    Array.from({ length: app === 'gateway' ? 1 : replicas }, (_, replica) => {
      const name = replica === 0 ? app : `${app}-${replica}`;
      const skew = name === skewed ? { clockAheadSeconds: SKEW_SECONDS } : {};
      return { app, name, bundles, port: replicaPort(context.ports, app, replica), ...skew };
    }),
  );
}

type ServerName = typeof BROKER_PROCESS | typeof DATABASE_PROCESS;

/** The system under test: servers, and apps that are started again whenever they end. */
export class ChaosSystem {
  readonly scratch: Scratch;
  private members: readonly AppProcess[] = [];
  /** The servers that something is being done to. */
  private readonly struck = new Set<ServerName>();

  /** The whole system. */
  static async start(scratch: Scratch, options: SystemOptions): Promise<ChaosSystem> {
    const system = new ChaosSystem(scratch);
    try {
      for (const each of replicasOfEach(scratch, options)) await system.add(each);
      await system.ready();
      return system;
    } catch (error) {
      // Else whatever has ended is started again, for ever.
      await system.stop();
      throw error;
    }
  }

  /** Without any app yet. */
  constructor(scratch: Scratch) {
    this.scratch = scratch;
  }

  get apps(): readonly AppProcess[] {
    return this.members;
  }

  /** Starts a replica; it is not ready yet. */
  async add(options: AppOptions): Promise<AppProcess> {
    const app = await AppProcess.create({ ...this.scratch, settings: SETTINGS }, options);
    this.members = [...this.members, app];
    await app.start();
    return app;
  }

  /** Stops a replica in good order. */
  async remove(app: AppProcess): Promise<void> {
    this.members = this.members.filter((each) => each !== app);
    await app.stop();
    this.scratch.record.remove(app.name);
  }

  replicasOf(app: AppName): AppProcess[] {
    return this.apps.filter((each) => each.options.app === app);
  }

  /** Resolves when every replica is ready. Throws a Refusal with the telling line of the log of one that is not. */
  async ready(limitMs = READY_LIMIT_MS): Promise<void> {
    const end = Date.now() + limitMs;
    for (const app of this.apps) {
      const left = Math.max(1, end - Date.now());
      const answer = await waitFor(() => app.isReady(), {
        limitMs: left,
        signal: this.scratch.context.signal,
      });
      if (answer) continue;
      throw new Refusal(
        `${app.name} was not ready within ${limitMs / 1000} s: ${await app.condition()}; the last of its log: ${tellingLine(tailLines(app.logFile))}`,
      );
    }
  }

  /**
   * Does something to a server. False where it may not be struck, because it is not a process of ours (a URL names it, or it
   * is in a container), does not run, or something is being done to it: two starts of one server would leave a process
   * behind that nobody knows.
   */
  async strike(name: ServerName, work: (pid: number) => Promise<void>): Promise<boolean> {
    const found = this.scratch.record.running(name);
    if (!found || found.container !== undefined || this.struck.has(name)) return false;
    this.struck.add(name);
    try {
      await work(found.pid);
      return true;
    } finally {
      this.struck.delete(name);
    }
  }

  /** Kills the broker's node and starts it again after a pause. False where it may not be struck. */
  restartBroker(downMs: number): Promise<boolean> {
    return this.strike(BROKER_PROCESS, async (pid) => {
      process.kill(pid, 'SIGKILL');
      await this.down(BROKER_PROCESS, downMs);
      await ensureBroker(this.scratch.context, this.scratch.record, () => undefined);
    });
  }

  /** PostgreSQL's immediate shutdown, which recovers from its log at the next start. False where it may not be struck. */
  restartDatabase(downMs: number): Promise<boolean> {
    return this.strike(DATABASE_PROCESS, async (pid) => {
      process.kill(pid, 'SIGQUIT');
      await this.down(DATABASE_PROCESS, downMs);
      await ensureDatabase(this.scratch.context, this.scratch.record);
    });
  }

  /** Halts a server with all its processes for a while. False where it may not be struck. */
  pauseServer(name: ServerName, ms: number): Promise<boolean> {
    return this.strike(name, async (pid) => {
      const family = familyOf(pid);
      for (const each of family) signalTo(each, 'SIGSTOP');
      try {
        await this.during(ms);
      } finally {
        for (const each of family) signalTo(each, 'SIGCONT');
      }
    });
  }

  private async down(name: ServerName, ms: number): Promise<void> {
    await this.during(ms);
    await waitFor(() => (this.scratch.record.running(name) ? undefined : true), { limitMs: 10_000 });
  }

  private async during(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.scratch.context.signal });
  }

  /** Lets everything that is halted, shut out or slowed go on. Half-open connections stay: nothing mends those but their own ends. */
  release(): void {
    for (const app of this.apps) {
      if (app.frozen) app.signal('SIGCONT');
      for (const link of [app.amqp, app.postgres]) {
        link.refuse(false);
        link.delay(0);
        link.spare();
      }
    }
  }

  async stop(): Promise<void> {
    this.release();
    await Promise.all(this.apps.map((app) => this.remove(app)));
  }
}
