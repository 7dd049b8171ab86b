import { SlipwayError, causeOf, type BuildRunner } from '@slipway/domain';
import type { AttemptOfBuild, Ledger } from '@slipway/ledger';
import type { Logger } from '@slipway/service-kit';

export interface ReconcilePorts {
  ledger: Ledger;
  runner: BuildRunner;
  platform: string;
  instance: string;
  capacity: number;
  intervalMs: number;
  logger: Logger;
  onFinding: (finding: string) => void;
}

/** The launcher's own clock acts this long after a build's deadline, when its Job did not end by itself. */
const DEADLINE_GRACE_SECONDS = 15;
const LEASE_MS = 10_000;

/** Compares the ledger with the platform, at the start and then regularly: whatever a message or a watch missed is found here. */
export class Reconcile {
  readonly name = 'reconcile';
  private timer: NodeJS.Timeout | undefined;
  private lease: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private lastError: unknown;

  constructor(private readonly ports: ReconcilePorts) {}

  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), this.ports.intervalMs);
    this.lease = setInterval(() => void this.hold(), LEASE_MS);
    await this.hold();
  }

  async check(): Promise<void> {
    if (this.lastError) throw this.lastError;
  }

  private async hold(): Promise<void> {
    try {
      await this.ports.ledger.leases.hold('job-launcher', this.ports.instance, {
        capacity: this.ports.capacity,
      });
    } catch (error) {
      this.ports.logger.warn({ err: error }, 'the lease could not be held; it will be tried again');
    }
  }

  private look(): Promise<void> {
    this.running ??= this.compare()
      .then(() => {
        this.lastError = undefined;
      })
      .catch((error: unknown) => {
        this.lastError = error;
        this.ports.logger.warn({ err: error }, 'reconciling failed; the next look comes by itself');
      })
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  private async compare(): Promise<void> {
    const parts = [
      () => this.jobsWithoutClaim(),
      () => this.claimsWithoutWork(),
      () => this.overdue(),
      () => this.unsettled(),
    ];
    const failures: unknown[] = [];
    // One part that fails must not keep the others from looking.
    for (const part of parts) await part().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  private async unsettled(): Promise<void> {
    for (const { identity, tenant } of await this.ports.ledger.coalescing.unsettled(this.ports.platform)) {
      if (await this.ports.ledger.due.ensure('settle', identity, tenant))
        this.ports.onFinding('unsettled_identity');
    }
  }

  /** A Job that no claim names, of an ended build, or of an older attempt. */
  private async jobsWithoutClaim(): Promise<void> {
    const { ledger, runner, onFinding } = this.ports;
    for (const job of await runner.list()) {
      const of = await ledger.attempts.byJob(job.name);
      const claimed = of !== undefined && !of.attempt.gone_at;
      if (claimed && !of.attempt.ended_at) {
        if (of.attempt.job_uid !== null && of.attempt.job_uid !== job.uid) await this.replaced(of, job.uid);
        continue;
      }
      if (await ledger.due.ensure('stop', job.name, of?.build.tenant ?? null)) {
        onFinding(claimed ? 'job_of_ended_attempt' : 'job_without_claim');
      }
    }
  }

  /** A Job that has the name of a live attempt and is not the one that was created: the attempt is lost, and then both go. */
  private async replaced({ attempt }: AttemptOfBuild, uid: string): Promise<void> {
    const cause = causeOf(
      new SlipwayError('lost', `The Job ${attempt.job_name} was replaced by another one (${uid}).`),
    );
    await this.ports.ledger.attempts.endSeen(attempt, { status: 'failed', cause });
    this.ports.onFinding('job_replaced');
  }

  /** A claim that nobody is working on. */
  private async claimsWithoutWork(): Promise<void> {
    const { ledger, platform, onFinding } = this.ports;
    for (const attempt of await ledger.slots.held(platform)) {
      const kind = attempt.ended_at ? 'stop' : attempt.job_uid === null ? 'launch' : 'follow';
      // A complete log needs no following; its verification is what must exist.
      const wanted = kind === 'follow' && attempt.log_complete ? 'verify' : kind;
      if (await ledger.due.ensure(wanted, attempt.job_name, attempt.tenant))
        onFinding(`claim_without_${wanted}`);
    }
  }

  private async overdue(): Promise<void> {
    const { ledger, platform, onFinding } = this.ports;
    for (const attempt of await ledger.attempts.overdue(platform, DEADLINE_GRACE_SECONDS)) {
      const message = `The build did not end within its time limit (${attempt.deadline_at.toISOString()}).`;
      await ledger.attempts.endSeen(attempt, {
        status: 'timeout',
        cause: causeOf(new SlipwayError('deadline', message)),
      });
      onFinding('overdue');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    clearInterval(this.lease);
    await this.running;
    await this.ports.ledger.leases.release('job-launcher', this.ports.instance);
  }
}
