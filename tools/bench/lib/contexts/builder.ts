import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appEnvironment } from '../../../bootstrap/app-environment.ts';
import { requireFreePort, type AppName } from '../../../bootstrap/ports.ts';
import { appReady } from '../../../bootstrap/readiness.ts';
import type { Scratch } from '../../../bootstrap/scratch.ts';
import { startServer } from '../../../bootstrap/server.ts';
import { waitFor } from '../../../bootstrap/wait.ts';
import { stopApp } from '../apps.ts';
import { readHistograms, type Histograms } from './step-times.ts';
import type { MemoryLimit } from './memory-limit.ts';

const APP: AppName = 'context-builder';
const PROBE = fileURLToPath(new URL('./loop-delay-probe.ts', import.meta.url));
const QUIET = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];

/** How late timers came, in milliseconds. */
export interface LoopDelays {
  p50: number;
  p99: number;
  max: number;
}

interface BuilderOptions {
  settings: Record<string, string>;
  limit?: MemoryLimit;
}

/** The app context-builder, its bundle as a process of its own, and what can be seen of it. */
export class Builder {
  readonly pid: number;
  private readonly port: number;
  private readonly delayFile: string;

  private constructor(pid: number, port: number, delayFile: string) {
    this.pid = pid;
    this.port = port;
    this.delayFile = delayFile;
  }

  /** Lends a builder that is ready. */
  static async lend<T>(
    scratch: Scratch,
    { settings, limit }: BuilderOptions,
    work: (builder: Builder) => Promise<T>,
  ): Promise<T> {
    const { context, record, addresses } = scratch;
    const port = context.ports.apps[APP];
    const delayFile = join(context.state.platform, 'loop-delay.json');
    await requireFreePort(port, `the app ${APP}`, context.ports);
    const enter = limit ? `${limit.enter} && ` : '';
    const bundle = join('dist', 'apps', APP, 'main.js');
    await startServer(context, record, {
      name: APP,
      title: `The app ${APP}`,
      port,
      command: 'sh',
      args: ['-c', `${enter}exec "$@"`, 'sh', process.execPath, ...QUIET, '--import', PROBE, bundle],
      cwd: context.root,
      env: { ...appEnvironment(APP, context, addresses), ...settings, LOOP_DELAY_FILE: delayFile },
      isReady: () => appReady(port),
    });
    try {
      return await work(new Builder(record.running(APP)!.pid, port, delayFile));
    } finally {
      await stopApp(scratch, APP);
    }
  }

  /** Does nothing until `work` has ended. */
  async paused(work: () => Promise<void>): Promise<void> {
    process.kill(this.pid, 'SIGSTOP');
    try {
      await work();
    } finally {
      process.kill(this.pid, 'SIGCONT');
    }
  }

  /** The delays since the last call. */
  async loopDelays(): Promise<LoopDelays> {
    rmSync(this.delayFile, { force: true });
    process.kill(this.pid, 'SIGUSR2');
    const written = await waitFor(() => existsSync(this.delayFile) || undefined, {
      limitMs: 10_000,
      intervalMs: 5,
    });
    if (!written) throw new Error(`${APP} does not tell its delays: see its log.`);
    return JSON.parse(readFileSync(this.delayFile, 'utf8')) as LoopDelays;
  }

  /** Twice, because the first call may come before the timer that was late for the pause. */
  async forgetDelays(): Promise<void> {
    await this.loopDelays();
    await this.loopDelays();
  }

  async histograms(): Promise<Histograms> {
    const response = await fetch(`http://127.0.0.1:${this.port}/metrics`);
    return readHistograms(await response.text());
  }

  /** KiB of resident memory that it had at most: VmHWM of proc(5). */
  peakKib(): number {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))![1]);
  }
}
