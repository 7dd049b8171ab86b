import { builderNamed } from '@slipway/builders';
import { ContextStores, causeOf, isSlipwayError } from '@slipway/domain';
import type { DueStep, Ledger } from '@slipway/ledger';
import {
  MemoryBuildLogs,
  MemoryBuildRunner,
  MemoryContextStore,
  MemoryImageRegistry,
} from '@slipway/testing';
import { sql } from 'kysely';
import { CaptureLog } from '../src/follow-job/capture-log';
import { FollowJob } from '../src/follow-job/follow-job';
import { LaunchJob } from '../src/launch-job/launch-job';
import { SettleTwins } from '../src/settle-twins/settle-twins';
import { StopJob } from '../src/stop-job/stop-job';
import { FinishAttempt } from '../src/verify-build/finish-attempt';
import { VerifyBuild } from '../src/verify-build/verify-build';

const LIMITS = { platform: 'local', total: 10, perTenant: 10, imageRepository: 'r/i' };
const ROUNDS = 12;

/** The launcher's use cases over a real ledger, with Jobs, registry and logs in memory. */
export class Launcher {
  readonly logs = new MemoryBuildLogs();
  readonly runner = new MemoryBuildRunner(this.logs);
  readonly registry = new MemoryImageRegistry();
  readonly contexts = new MemoryContextStore();
  refusedReports = 0;
  private readonly steps: DueStep[];

  constructor(private readonly ledger: Ledger) {
    const { runner, registry, contexts } = this;
    const capture = new CaptureLog(ledger, this.logs);
    const finish = new FinishAttempt(ledger, 3, () => undefined);
    const none = (): void => undefined;
    this.steps = [
      new LaunchJob({
        ledger,
        runner,
        contexts: new ContextStores([contexts]),
        builderNamed,
        finish,
        memoryBytes: 1,
        monitorIntervalSeconds: 1,
      }),
      new FollowJob({ ledger, runner, capture, builderNamed }),
      new VerifyBuild({
        ledger,
        registry,
        finish,
        onEnd: none,
        onRefusedReport: () => (this.refusedReports += 1),
      }),
      new SettleTwins({ ledger, registry, wakeSlots: none }),
      new StopJob({ ledger, runner, capture, wakeSlots: none, maxAttempts: 3, logger: { warn: none } }),
    ];
  }

  claim() {
    return this.ledger.slots.claim(LIMITS);
  }

  /** Does all work that is due, as often as it leads to more. */
  async drive(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const step of this.steps) await this.round(step);
    }
  }

  private async round(step: DueStep): Promise<void> {
    await sql`update due_work set due_at = clock_timestamp() where kind <> 'prepare'`.execute(
      this.ledger.database.kysely,
    );
    for (const work of await this.ledger.due.claim(step.kind, 100)) {
      try {
        const again = await step.run(work, new AbortController().signal);
        if (again) await this.ledger.due.again(work, again.againMs);
      } catch (error) {
        const cause = causeOf(error);
        if (isSlipwayError(error) && !cause.retryable) await step.exhausted(work, cause);
        else await this.ledger.due.failed(work, cause);
      }
    }
  }
}
