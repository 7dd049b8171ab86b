import { createHash } from 'node:crypto';
import { SlipwayError } from '@slipway/domain';
import type { CloudEvent } from './cloud-event';
import { eventFromStructured } from './envelope';

/** That an event was taken although it was no complete CloudEvent. */
export interface LenientMark {
  /**
   * Set where the sender gave no id at all. The id is then this prefix and a number: how many builds from the same bytes
   * have ended. So a redelivery meets its build, and sending the bytes again later builds again.
   */
  idPrefix?: string;
}

/**
 * Takes a JSON body that looks like an event but lacks `id` or `specversion`, as the requirement documents' own examples do.
 * `givenId` is what the transport says (message_id, Idempotency-Key). Fails with `not_a_cloudevent`.
 */
export function lenientEventFrom(
  body: unknown,
  bytes: Buffer,
  givenId: string | undefined,
): { event: CloudEvent; lenient?: LenientMark } {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !('type' in body)) {
    throw new SlipwayError('not_a_cloudevent', 'The body is no CloudEvent: it has no type.');
  }
  const given = body as Record<string, unknown>;
  const complete = given['specversion'] !== undefined && given['id'] !== undefined;
  if (complete) return { event: eventFromStructured(given) };
  const hash = createHash('sha256').update(bytes).digest('hex');
  const idPrefix = given['id'] === undefined && !givenId ? `lenient-${hash}-` : undefined;
  const event = eventFromStructured({
    ...given,
    specversion: given['specversion'] ?? '1.0',
    id: given['id'] ?? givenId ?? `${idPrefix}0`,
  });
  return { event, lenient: idPrefix === undefined ? {} : { idPrefix } };
}
