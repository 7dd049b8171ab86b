import type { ErrorCode } from '@slipway/domain';
import type { DecodedEvent } from '../codec/decode';

/** What a handler says of a message: dealt with, or not to be understood. There is no third answer. */
export type Verdict = 'done' | { dead: ErrorCode | 'report_refused'; detail: string };

export interface Delivery extends DecodedEvent {
  /** The event's type without our prefix; undefined where it is not one of ours. */
  type: string | undefined;
  /** The broker has sent it before. */
  redelivered: boolean;
  queue: string;
}

export type Handler = (delivery: Delivery) => Promise<Verdict>;
