import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BROKER_PROCESS } from '../../bootstrap/broker-node.ts';
import { ensureBroker } from '../../bootstrap/broker.ts';
import { DATABASE_PROCESS, ensureDatabase } from '../../bootstrap/database.ts';
import { APP_NAMES, type AppName } from '../../bootstrap/ports.ts';
import { Refusal } from '../../bootstrap/refusal.ts';
import type { Scratch } from '../../bootstrap/scratch.ts';
import { tailLines, tellingLine } from '../../bootstrap/log-file.ts';
import { waitFor } from '../../bootstrap/wait.ts';
import { AppProcess } from './app-process.ts';
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

/** The whole system under test: servers, and apps that are started again whenever they end. */
export class ChaosSystem {
  readonly scratch: Scratch;
  readonly apps: readonly AppProcess[];

  static async start(scratch: Scratch, options: SystemOptions): Promise<ChaosSystem> {
    const place = { ...scratch, bundles: join(scratch.context.root, 'dist', 'apps'), settings: SETTINGS };
    const { ports } = scratch.context;
    const wanted = APP_NAMES.flatMap((app, index) =>
      Array.from({ length: app === 'gateway' ? 1 : options.replicas }, (_, replica) => ({
        app,
        replica,
        port: replica === 0 ? ports.apps[app] : ports.base + REPLICA_OFFSET + index * 4 + replica,
      })),
    );
    const apps: AppProcess[] = [];
    for (const each of wanted) {
      const name = each.replica === 0 ? each.app : `${each.app}-${each.replica}`;
      const skew = name === options.skewed ? { clockAheadSeconds: SKEW_SECONDS } : {};
      apps.push(await AppProcess.create(place, { ...each, ...skew }));
    }
    const system = new ChaosSystem(scratch, apps);
    // The first of each: what they migrate and declare is then there for the others.
    for (const app of apps) await app.start();
    await system.ready();
    return system;
  }

  private constructor(scratch: Scratch, apps: readonly AppProcess[]) {
    this.scratch = scratch;
    this.apps = apps;
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
      const log = join(this.scratch.context.state.logs, `${app.name}.log`);
      throw new Refusal(
        `${app.name} was not ready within ${limitMs / 1000} s: ${tellingLine(tailLines(log))}`,
      );
    }
  }

  private processOf(name: string): number {
    const found = this.scratch.record.running(name);
    if (!found) throw new Refusal(`${name} does not run.`);
    return found.pid;
  }

  /** Kills the broker's node and starts it again after a pause. */
  async restartBroker(downMs: number): Promise<void> {
    process.kill(this.processOf(BROKER_PROCESS), 'SIGKILL');
    await delay(downMs);
    await waitFor(() => (this.scratch.record.running(BROKER_PROCESS) ? undefined : true), {
      limitMs: 10_000,
    });
    await ensureBroker(this.scratch.context, this.scratch.record, () => undefined);
  }

  /** PostgreSQL's immediate shutdown, which recovers from its log at the next start. */
  async restartDatabase(downMs: number): Promise<void> {
    process.kill(this.processOf(DATABASE_PROCESS), 'SIGQUIT');
    await delay(downMs);
    await waitFor(() => (this.scratch.record.running(DATABASE_PROCESS) ? undefined : true), {
      limitMs: 10_000,
    });
    await ensureDatabase(this.scratch.context, this.scratch.record);
  }

  /** Halts a server with all its processes for a while. */
  async pauseServer(name: typeof BROKER_PROCESS | typeof DATABASE_PROCESS, ms: number): Promise<void> {
    const family = familyOf(this.processOf(name));
    for (const pid of family) signalTo(pid, 'SIGSTOP');
    await delay(ms);
    for (const pid of family) signalTo(pid, 'SIGCONT');
  }

  /** Lets everything that is halted, shut out or slowed go on. Half-open connections stay: nothing mends those but their own ends. */
  release(): void {
    for (const app of this.apps) {
      if (app.frozen) app.signal('SIGCONT');
      for (const link of [app.amqp, app.postgres]) {
        link.refuse(false);
        link.delay(0);
      }
    }
  }

  async stop(): Promise<void> {
    this.release();
    await Promise.all(this.apps.map((app) => app.stop()));
    for (const app of this.apps) this.scratch.record.remove(app.name);
  }
}
