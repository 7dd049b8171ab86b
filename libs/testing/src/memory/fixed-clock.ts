import { Clock } from '@slipway/domain';

/** A clock that stands still until a spec moves it. */
export class FixedClock extends Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
