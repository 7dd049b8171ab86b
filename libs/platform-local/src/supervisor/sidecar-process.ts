import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobFolder } from '../jobs/job-folder';
import { markersOf, type JobRecord } from '../jobs/job-record';
import { stateLayout } from '../layout/state-layout';
import { identityOf } from '../processes/process-identity';
import type { StatusFile } from './status-file';

const RESTART_MS = 1_000;

/** Keeps a sidecar running beside the builder until it has reported, as a cluster does with a native sidecar. */
export class Sidecar {
  private child: ChildProcess | undefined;
  private readonly ended = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(
    private readonly folder: JobFolder,
    private readonly job: JobRecord,
    private readonly status: StatusFile,
  ) {}

  start(): void {
    // Kept for later: a sidecar that cannot be started must not end the build.
    this.running = this.keepRunning().catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** Gives it so many milliseconds to say how the builder ended, then ends it. */
  async reported(withinMs: number): Promise<void> {
    const over = new AbortController();
    const limit = pause(withinMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([this.running, limit]);
    over.abort();
    this.ended.abort();
    this.child?.kill('SIGKILL');
    await this.running;
    if (this.failure !== undefined) throw this.failure;
  }

  private async keepRunning(): Promise<void> {
    while (!this.ended.signal.aborted) {
      if ((await this.runOnce()) === 0) return;
      await pause(RESTART_MS, undefined, { signal: this.ended.signal }).catch(() => undefined);
    }
  }

  private async runOnce(): Promise<number | undefined> {
    const { settings } = this.job;
    const output = await open(this.folder.sidecarLog, 'a', 0o600);
    try {
      const child = spawn(settings.nodePath, [settings.sidecarProgram], {
        cwd: '/',
        detached: true,
        env: sidecarEnvironment(this.job),
        stdio: ['ignore', output.fd, output.fd],
      });
      this.child = child;
      const exit = once(child, 'exit') as Promise<[number | null]>;
      await this.status.change({ sidecar: child.pid === undefined ? undefined : identityOf(child.pid) });
      const [code] = await exit;
      return code ?? undefined;
    } finally {
      await output.close();
    }
  }
}

/** The environment of `wire.md` §4, the same names as on a cluster. */
function sidecarEnvironment(job: JobRecord): Record<string, string> {
  const { settings, spec } = job;
  const [name = '', value = ''] = markersOf(job.uid).sidecar.split('=');
  return {
    ...settings.sidecarEnvironment,
    KANIKO_NAMESPACE: stateLayout(settings.root).jobs,
    KANIKO_POD_NAME: spec.name,
    KANIKO_CONTAINER_NAME: 'builder',
    BUILD_JOB_NAME: spec.name,
    IMAGE_URI: spec.imageUri,
    THIRD_PARTY_ID: spec.tenant,
    PARSER_ID: spec.parser,
    CONTENT_HASH: spec.identity,
    CORRELATION_ID: spec.correlationId,
    BUILD_TIMEOUT: String(spec.timeoutSeconds),
    MONITOR_INTERVAL: String(spec.monitorIntervalSeconds),
    AMQP_URL: settings.sidecarAmqpUrl,
    BUILD_ID: spec.buildId,
    ATTEMPT: String(spec.attempt),
    JOB_UID: job.uid,
    SLIPWAY_BUILDER: spec.builder,
    [name]: value,
  };
}
