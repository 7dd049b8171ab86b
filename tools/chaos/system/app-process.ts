import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { appEnvironment } from '../../bootstrap/app-environment.ts';
import type { Context } from '../../bootstrap/context.ts';
import { spawnDetached } from '../../bootstrap/detached.ts';
import type { AppName } from '../../bootstrap/ports.ts';
import { tailLines, tellingLine } from '../../bootstrap/log-file.ts';
import { isAlive, type ProcessIdentity } from '../../bootstrap/process-identity.ts';
import { appReady } from '../../bootstrap/readiness.ts';
import type { Addresses, RunRecord } from '../../bootstrap/run-record.ts';
import { terminate } from '../../bootstrap/terminate.ts';
import { FaultProxy } from '../proxy/fault-proxy.ts';
import { isStopped } from './process-state.ts';

export interface AppPlace {
  context: Context;
  record: RunRecord;
  addresses: Addresses;
  settings: Readonly<Record<string, string>>;
}

export interface AppOptions {
  app: AppName;
  /** Of this replica alone: also that of its log. */
  name: string;
  port: number;
  /** Where the bundles of the apps lie. */
  bundles: string;
  /** Seconds by which the process's own clock is ahead. */
  clockAheadSeconds?: number;
}

const WATCH_MS = 100;
const SKEWED_CLOCK = join(import.meta.dirname, 'skewed-clock.mjs');

function through(url: string, proxy: FaultProxy): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(proxy.port);
  return changed.href;
}

function targetOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

/** One replica of an app behind fault proxies of its own. When its process ends it is started again, as a cluster would do. */
export class AppProcess {
  readonly name: string;
  readonly options: AppOptions;
  /** What `FAULT_POINTS` holds at the next start; used once. */
  nextFaults: string | undefined;
  /** Ends that an armed point has brought. */
  armedKills = 0;
  /** Ends that nobody asked for, each with the line of the log that says most about it. */
  readonly crashes: string[] = [];
  private readonly place: AppPlace;
  private readonly links: { amqp: FaultProxy; postgres: FaultProxy };
  private identity: ProcessIdentity | undefined;
  private watching: Promise<void> | undefined;
  private wanted = false;
  private asked = false;
  private armed = false;

  static async create(place: AppPlace, options: AppOptions): Promise<AppProcess> {
    const amqp = await FaultProxy.listen(targetOf(place.addresses.amqp), 'amqp');
    const postgres = await FaultProxy.listen(targetOf(place.addresses.database), 'postgres');
    return new AppProcess(place, options, { amqp, postgres });
  }

  private constructor(
    place: AppPlace,
    options: AppOptions,
    links: { amqp: FaultProxy; postgres: FaultProxy },
  ) {
    this.place = place;
    this.options = options;
    this.links = links;
    this.name = options.name;
  }

  get amqp(): FaultProxy {
    return this.links.amqp;
  }

  get postgres(): FaultProxy {
    return this.links.postgres;
  }

  get logFile(): string {
    return join(this.place.context.state.logs, `${this.name}.log`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number | undefined {
    return this.identity && isAlive(this.identity) ? this.identity.pid : undefined;
  }

  /** Whether it is halted by SIGSTOP. */
  get frozen(): boolean {
    return this.pid !== undefined && isStopped(this.pid);
  }

  async start(): Promise<void> {
    this.wanted = true;
    await this.spawn();
    this.watching = this.watch();
    // A start that fails is told where this is awaited, in stop().
    this.watching.catch(() => undefined);
  }

  /** What it says of its parts, or why it says nothing. */
  async condition(): Promise<string> {
    if (this.frozen) return 'it is halted';
    try {
      const answer = await fetch(`${this.url}/readyz?verbose`, { signal: AbortSignal.timeout(5_000) });
      return await answer.text();
    } catch (error) {
      return `/readyz does not answer (${String(error)})`;
    }
  }

  isReady(): Promise<true | undefined> {
    return appReady(this.options.port);
  }

  /** Sends a signal; false where the process has just ended. */
  signal(name: NodeJS.Signals): boolean {
    const { pid } = this;
    if (pid === undefined) return false;
    if (name === 'SIGKILL' || name === 'SIGTERM') this.asked = true;
    return process.kill(pid, name);
  }

  private async spawn(): Promise<void> {
    const { context, record, addresses, settings } = this.place;
    const { app, port, bundles, clockAheadSeconds } = this.options;
    const ahead = clockAheadSeconds === undefined ? [] : ['--import', SKEWED_CLOCK];
    const faults = this.nextFaults;
    this.nextFaults = undefined;
    this.asked = false;
    this.armed = faults?.includes('kill@') ?? false;
    this.identity = await spawnDetached({
      command: process.execPath,
      args: ['--enable-source-maps', ...ahead, join(bundles, app, 'main.js')],
      cwd: context.root,
      logFile: this.logFile,
      env: {
        ...appEnvironment(app, context, addresses),
        ...settings,
        PORT: String(port),
        AMQP_URL: through(addresses.amqp, this.amqp),
        DATABASE_URL: through(addresses.database, this.postgres),
        ...(faults === undefined ? {} : { FAULT_POINTS: faults }),
        ...(clockAheadSeconds === undefined ? {} : { CLOCK_AHEAD_SECONDS: String(clockAheadSeconds) }),
      },
    });
    record.add({ name: this.name, port, ...this.identity });
  }

  private async watch(): Promise<void> {
    while (this.wanted) {
      await delay(WATCH_MS);
      if (!this.wanted || this.pid !== undefined) continue;
      if (!this.asked) this.noteEnd();
      await this.spawn();
    }
  }

  private noteEnd(): void {
    if (this.armed) this.armedKills += 1;
    else this.crashes.push(`${this.name} ended by itself: ${tellingLine(tailLines(this.logFile))}`);
  }

  async stop(): Promise<void> {
    this.wanted = false;
    await this.watching;
    if (this.identity) {
      if (this.frozen) this.signal('SIGCONT');
      await terminate(this.identity, { group: true });
    }
    await this.amqp.close();
    await this.postgres.close();
  }
}
