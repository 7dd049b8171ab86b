import type { Ledger, SlotLimits } from '@slipway/ledger';
import type { Logger } from '@slipway/service-kit';

const LOOK_MS = 2_000;

/** Gives free slots to waiting builds, when something became free or new, and every few seconds. */
export class ClaimSlots {
  readonly name = 'slots';
  private timer: NodeJS.Timeout | undefined;
  private claiming: Promise<void> | undefined;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly limits: SlotLimits,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.wake();
  }

  async check(): Promise<void> {
    if (this.stopped) throw new Error('no slots are given any more');
  }

  wake(): void {
    this.wanted = true;
    if (this.claiming || this.stopped) return;
    clearTimeout(this.timer);
    this.claiming = this.claim().finally(() => {
      this.claiming = undefined;
      if (this.stopped) return;
      if (this.wanted) this.wake();
      else this.timer = setTimeout(() => this.wake(), LOOK_MS);
    });
  }

  private async claim(): Promise<void> {
    this.wanted = false;
    try {
      for (const attempt of await this.ledger.slots.claim(this.limits)) {
        this.logger.info({ build_id: attempt.build_id, job: attempt.job_name }, 'slot claimed');
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'slots could not be claimed; the next look comes by itself');
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.claiming;
  }
}
