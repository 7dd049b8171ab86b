import { Ids } from '@slipway/domain';

/** UUIDs that count up, so that a spec can name them before they are made. */
export class SequentialIds extends Ids {
  private made = 0;

  uuid(): string {
    this.made += 1;
    return `00000000-0000-4000-8000-${String(this.made).padStart(12, '0')}`;
  }
}
