import { SlipwayError, causeOf, isSlipwayError, reach, type Cause } from '@slipway/domain';
import { isLedgerAway } from '../database/away';
import { DUE_CHANNEL, type Notifications } from '../database/notifications';
import type { RateLimits } from '../rates/rates';
import { LeaseLost, type DueKind, type DueWork, type LeasedWork } from './due-work';

/** What a step says of a piece of work that it has not ended: look again after so many milliseconds. */
export interface Again {
  againMs: number;
}

/** A kind of work and who does it. `run` ends the work by `DueWork.close`, or returns when to look again. */
export interface DueStep {
  readonly kind: DueKind;
  /** How many pieces this process does at once. */
  readonly concurrency: number;
  /** Tries before `exhausted`; Infinity for what never gives up. */
  readonly maxTries: number;
  /** The key of a piece of work that there always is, whoever carries it out. */
  readonly standing?: string;
  /** How often it may begin; for `prepare` alone. */
  readonly rates?: RateLimits;
  run(work: LeasedWork, signal: AbortSignal): Promise<Again | void>;
  /** Ends the work after its last try, or at once after a failure that no repetition mends. */
  exhausted(work: LeasedWork, cause: Cause): Promise<void>;
}

export interface WorkerLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LOOK_MS = 2_000;
/** Looks after which work that there always is is looked for again, should somebody have deleted it. */
const STANDING_LOOKS = 30;
const RENEW_MS = 10_000;
/** Two of them and the beginning of the third are as long as a lease. */
const RENEWALS_MISSED = 2;

/** What ends a piece of work that takes every process with it. */
function neverEnded({ kind, tries }: LeasedWork): SlipwayError {
  return new SlipwayError(
    'internal_error',
    `The step "${kind}" was begun ${tries} times, and no process came to its end.`,
  );
}

/** Claims and runs one kind of work until it is stopped. */
export class DueWorker {
  private readonly running = new Map<Promise<void>, AbortController>();
  private timer: NodeJS.Timeout | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private unsubscribe: () => void = () => undefined;
  private claiming = false;
  private wanted = false;
  private stopped = false;
  private looks = 0;

  constructor(
    private readonly due: DueWork,
    private readonly step: DueStep,
    private readonly log: WorkerLog,
  ) {}

  start(notifications: Notifications): void {
    this.unsubscribe = notifications.on(DUE_CHANNEL, (kind) => {
      if (kind === this.step.kind || kind === '') this.wake();
    });
    this.wake();
  }

  /** Looks for work now. Calls while a look is under way lead to one more look. */
  wake(): void {
    this.wanted = true;
    if (!this.claiming && !this.stopped) void this.look();
  }

  private async look(): Promise<void> {
    this.claiming = true;
    clearTimeout(this.timer);
    try {
      await this.ensureStanding();
      while (this.wanted && !this.stopped) {
        this.wanted = false;
        const room = this.step.concurrency - this.running.size;
        if (room <= 0) break;
        const claimed = await this.due.claim(this.step.kind, room, this.step.rates);
        for (const work of claimed) this.begin(work);
        if (claimed.length === room) this.wanted = true;
      }
    } catch (error) {
      // The database is away or refused: the next look comes by itself.
      this.log.warn({ err: error, kind: this.step.kind }, 'looking for work failed');
    } finally {
      this.claiming = false;
      if (!this.stopped) this.timer = setTimeout(() => this.wake(), LOOK_MS);
    }
  }

  private async ensureStanding(): Promise<void> {
    const { kind, standing } = this.step;
    if (standing !== undefined && this.looks % STANDING_LOOKS === 0)
      await this.due.ensure(kind, standing, null);
    this.looks += 1;
  }

  private begin(work: LeasedWork): void {
    const abort = new AbortController();
    const done = this.carryOut(work, abort).finally(() => {
      this.running.delete(done);
      this.wake();
    });
    this.running.set(done, abort);
  }

  private async carryOut(work: LeasedWork, abort: AbortController): Promise<void> {
    let missed = 0;
    const renewal = setInterval(() => {
      this.due.renew(work).then(
        (held) => {
          missed = 0;
          if (!held) abort.abort(new LeaseLost(work.key));
        },
        (error: unknown) => {
          this.log.warn({ err: error, kind: work.kind, key: work.key }, 'lease not renewed');
          missed += 1;
          // It may have run out by now, and the work be somebody else's.
          if (missed >= RENEWALS_MISSED) abort.abort(new LeaseLost(work.key));
        },
      );
    }, RENEW_MS);
    try {
      reach('work.after-claim-before-run');
      if (work.tries >= this.step.maxTries) throw neverEnded(work);
      const again = await this.step.run(work, abort.signal);
      if (again) await this.later(work, again.againMs);
    } catch (error) {
      await this.afterFailure(work, error);
    } finally {
      clearInterval(renewal);
    }
  }

  /** Lets go of the work and looks again when it is due, sooner than the regular look would. */
  private async later(work: LeasedWork, delayMs: number): Promise<void> {
    await this.due.again(work, delayMs);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.wake();
    }, delayMs);
    this.timers.add(timer);
  }

  private async afterFailure(work: LeasedWork, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return;
    const fields = { err: error, kind: work.kind, key: work.key, tries: work.tries + 1 };
    try {
      // A ledger that is away is no try of the step; a release by the shutdown is none either.
      if (isLedgerAway(error) || this.stopped) return await this.due.again(work, 1_000);
      const cause = causeOf(error);
      const lasting = isSlipwayError(error) && !cause.retryable;
      if (lasting || work.tries + 1 >= this.step.maxTries) {
        this.log.warn(fields, 'work ended with a failure');
        return await this.step.exhausted(work, cause);
      }
      this.log.warn(fields, 'work failed and will be tried again');
      await this.due.failed(work, cause);
    } catch (second) {
      // The lease runs out by itself and the work is claimed again.
      if (!(second instanceof LeaseLost))
        this.log.error({ ...fields, err: second }, 'a failure could not be recorded');
    }
  }

  /** Stops claiming, lets running steps finish for `graceMs`, then aborts them; their leases run out. */
  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    this.unsubscribe();
    clearTimeout(this.timer);
    for (const timer of this.timers) clearTimeout(timer);
    const deadline = new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (const abort of this.running.values()) abort.abort(new LeaseLost('shutdown'));
        resolve();
      }, graceMs);
      timer.unref();
    });
    await Promise.race([Promise.allSettled(this.running.keys()), deadline]);
  }
}
