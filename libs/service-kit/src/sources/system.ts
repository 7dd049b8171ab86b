import { randomUUID } from 'node:crypto';
import type { Clock, Ids } from '@slipway/domain';

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Random UUIDs. */
export const randomIds: Ids = { uuid: () => randomUUID() };
