import { createRequire } from 'node:module';

const { CloudEvent } = createRequire(import.meta.url)('cloudevents');

/** The event that answers `event`, or undefined where the handler returned nothing. */
export function replyEvent(value, event, environment) {
  if (value === undefined || value === null || value === '') return undefined;
  if (value.constructor?.name === 'CloudEvent') return value;
  if (isEventShaped(value)) return new CloudEvent(value);
  return own('parser.complete', value, event, environment);
}

export function failedEvent(data, event, environment) {
  return own('parser.failed', data, event, environment);
}

function isEventShaped(value) {
  return (
    typeof value === 'object' &&
    typeof value.specversion === 'string' &&
    typeof value.type === 'string' &&
    typeof value.source === 'string'
  );
}

function own(type, data, event, environment) {
  const {
    SLIPWAY_EVENT_TYPE_PREFIX: prefix,
    SLIPWAY_EVENT_SOURCE: source,
    SLIPWAY_EVENT_SUBJECT: subject,
  } = environment;
  return new CloudEvent({
    type: `${prefix ?? 'network.notifi.lambda.'}${type}`,
    source: source ?? event.source,
    subject: subject ?? event.subject,
    datacontenttype: 'application/json',
    causationid: event.id,
    ...(event.correlationid ? { correlationid: event.correlationid } : {}),
    data,
  });
}
