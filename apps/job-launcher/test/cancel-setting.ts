import type { AttemptRow, BuildRow, Ledger } from '@slipway/ledger';
import { CONTEXT_ARCHIVE, DIGEST, queuedWithContext } from './given';
import { Launcher } from './launcher';

const ONE_SLOT = { platform: 'local', total: 1, perTenant: 1, imageRepository: 'r/i' };

/** One slot, and builds on their way through it. */
export class CancelSetting {
  private constructor(
    readonly ledger: Ledger,
    readonly launcher: Launcher,
  ) {}

  static async create(ledger: Ledger): Promise<CancelSetting> {
    const launcher = new Launcher(ledger);
    launcher.contexts.leave('k', CONTEXT_ARCHIVE);
    return new CancelSetting(ledger, launcher);
  }

  cancel(id: string): Promise<BuildRow> {
    return this.ledger.cancelBuild(id, { actor: 'api' });
  }

  claim(): Promise<AttemptRow[]> {
    return this.ledger.slots.claim(ONE_SLOT);
  }

  /** A build that has the slot, and no Job yet. */
  async claimed(identity = 'content'): Promise<AttemptRow> {
    await queuedWithContext(this.ledger, identity);
    const [attempt] = await this.claim();
    return attempt!;
  }

  /** A build whose Job has been created. */
  async started(identity = 'content'): Promise<AttemptRow> {
    const attempt = await this.claimed(identity);
    await this.launcher.drive();
    return attempt;
  }

  /** Ends the Job as a builder does that succeeds; an open log is one of which more may come. */
  succeed({ job_name: job, image_uri: image }: AttemptRow, log: 'open' | 'closed' = 'closed'): void {
    const { logs, registry, runner } = this.launcher;
    registry.hold(image, DIGEST);
    logs.write(job, 'done\n');
    if (log === 'closed') logs.close(job);
    runner.end(job, { exitCode: 0, digest: DIGEST });
  }

  async jobs(): Promise<string[]> {
    return (await this.launcher.runner.list()).map((job) => job.name);
  }

  /** Names of the Jobs that hold the slot. */
  async held(): Promise<string[]> {
    return (await this.ledger.slots.held('local')).map((attempt) => attempt.job_name);
  }

  /** All that a cancelled build may leave behind: how it stands, what has it, and what it led to. */
  async remains(id: string): Promise<object> {
    const { status, artifact } = await this.ledger.builds.mustGet(id);
    const types = (await this.ledger.builds.history(id)).map((entry) => entry.type);
    const row = await this.ledger.functions.get('acme', 'greet');
    return {
      status,
      artifact,
      ends: types.filter((type) => /^build\.(complete|failed|cancelled)$/.test(type)),
      jobs: await this.jobs(),
      held: await this.held(),
      code: row?.code_artifact,
      deploys: await this.ledger.due.claim('deploy', 10),
    };
  }
}

/** The remains of a build that was cancelled and whose Job is gone. */
export const NOTHING = {
  status: 'cancelled',
  artifact: null,
  ends: ['build.cancelled'],
  jobs: [],
  held: [],
  code: null,
  deploys: [],
};
