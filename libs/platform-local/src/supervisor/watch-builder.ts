import type { Clock, EndReason } from '@slipway/domain';
import { membersOf, type Family } from '../processes/family';
import { ownMemory } from '../processes/process-table';

export interface BuilderLimits {
  /** Milliseconds since 1970. */
  deadline: number;
  memoryBytes: number;
}

const LOOK_MS = 300;

/**
 * Looks at the builder until `stop` is called, and says once why it has to be ended: its time is over, its processes
 * together hold more memory than they may, or the supervisor is asked to go.
 */
export class BuilderWatch {
  private timer: NodeJS.Timeout | undefined;
  private readonly measured: Family;
  private decide: (reason: EndReason) => void = () => undefined;
  /** Resolves at most once; never where the builder keeps within its limits. */
  readonly exceeded = new Promise<EndReason>((resolve) => {
    this.decide = resolve;
  });

  constructor(
    family: Family,
    private readonly limits: BuilderLimits,
    private readonly clock: Clock,
    private readonly stopped: AbortSignal,
  ) {
    // Where the group id tells, the costlier look into every environment is left out.
    this.measured = family.gid === undefined ? family : { ...family, marker: undefined };
  }

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.stopped.addEventListener('abort', () => this.look());
    this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    if (this.stopped.aborted) this.decide('stopped');
    else if (this.clock.now() >= this.limits.deadline) this.decide('deadline');
    else if (this.memory() > this.limits.memoryBytes) this.decide('oom');
  }

  private memory(): number {
    return membersOf(this.measured).reduce((sum, { pid }) => sum + ownMemory(pid), 0);
  }
}
