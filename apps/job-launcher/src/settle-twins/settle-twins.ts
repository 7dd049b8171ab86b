import { digestReferenceOf, type Cause, type ImageRegistry } from '@slipway/domain';
import type { Again, BuiltArtifact, DueStep, Ledger, LeasedWork } from '@slipway/ledger';

export interface SettleTwinsPorts {
  ledger: Ledger;
  registry: ImageRegistry;
  /** Looks for builds that may start now. */
  wakeSlots: () => void;
}

/**
 * Due work `settle`, one per identity: gives the outcome of a build to those that waited for the same content. Without an
 * outcome to share, the next of them may start.
 */
export class SettleTwins implements DueStep {
  readonly kind = 'settle';
  readonly concurrency = 4;
  readonly maxTries = 8;

  constructor(private readonly ports: SettleTwinsPorts) {}

  async run(work: LeasedWork): Promise<Again | void> {
    const { ledger } = this.ports;
    const waiters = await ledger.coalescing.waiters(work.key);
    const built = waiters.length > 0 ? await ledger.preparation.builtBefore(work.key) : undefined;
    if (built && (await this.isHeld(built))) await ledger.coalescing.reuse(work, waiters, built);
    else if (built) await this.forget(work, built);
    else if (typeof work.payload['failed'] === 'string') {
      await ledger.coalescing.shareFailure(work, waiters, work.payload['failed']);
    } else await ledger.due.close(work, async () => undefined);
    this.ports.wakeSlots();
  }

  private async isHeld(built: BuiltArtifact): Promise<boolean> {
    const reference = digestReferenceOf(built.image_uri, built.artifact.digest);
    return (await this.ports.registry.digestOf(reference)) === built.artifact.digest;
  }

  private async forget(work: LeasedWork, built: BuiltArtifact): Promise<void> {
    await this.ports.ledger.preparation.forgetArtifact(built);
    await this.ports.ledger.due.close(work, async () => undefined);
  }

  /** The registry could not be asked for so long that building is the better answer. */
  async exhausted(work: LeasedWork, _cause: Cause): Promise<void> {
    const built = await this.ports.ledger.preparation.builtBefore(work.key);
    if (built) await this.ports.ledger.preparation.forgetArtifact(built);
    await this.ports.ledger.due.close(work, async () => undefined);
    this.ports.wakeSlots();
  }
}
