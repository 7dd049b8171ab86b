import { RESERVED_TENANT, type CloudEvent, type EventNaming } from '@slipway/contracts';
import { matches, type TriggerSpec } from '@slipway/domain';
import type { DeliveryTarget } from '@slipway/ledger';

/** A function and what it asks for. */
export interface Subscriber extends DeliveryTarget {
  triggers: readonly TriggerSpec[];
}

/** How often an event may have led to another before it counts as a circle. */
export const MAX_HOPS = 8;
export const HOPS = 'slipwayhops';

/** How often this event has been delivered on its way; what is no number counts as none. */
export function hopsOf(event: CloudEvent): number {
  const text = event.extensions[HOPS] ?? '0';
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

/** A tenant's events, and what Slipway says of its builds, are for functions of the same tenant only. */
function mayReceive(event: CloudEvent, subscriber: Subscriber, naming: EventNaming): boolean {
  if (!event.source.startsWith(naming.sourcePrefix)) return true;
  const owner = event.source.slice(naming.sourcePrefix.length);
  const tenant = owner === RESERVED_TENANT ? event.subject?.split('/')[1] : owner;
  return tenant === subscriber.tenant;
}

/** The functions that an event goes to. */
export function targetsOf(
  event: CloudEvent,
  subscribers: readonly Subscriber[],
  naming: EventNaming,
): DeliveryTarget[] {
  const { extensions, data: _data, ...attributes } = event;
  const known = { ...extensions, ...attributes };
  return subscribers
    .filter((subscriber) => mayReceive(event, subscriber, naming))
    .filter((subscriber) => subscriber.triggers.some((trigger) => matches(trigger, known)))
    .map(({ service, tenant, parser }) => ({ service, tenant, parser }));
}
