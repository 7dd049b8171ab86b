import { createRequire } from 'node:module';
import { argumentsOf } from './arguments-of.mjs';
import { failedEvent, replyEvent } from './reply-events.mjs';

const { HTTP } = createRequire(import.meta.url)('cloudevents');

/**
 * Wraps a handler so that what it returns or throws fits the way it was called. An event is answered by an event or by
 * nothing, because brokers count any other body as a failure and deliver the event again.
 */
export function answering({ handle, parameters = handle }, environment) {
  const args = argumentsOf(parameters);
  return async (context, input) => {
    const event = context.cloudevent;
    try {
      const value = await handle(...args(context, input));
      return event ? replyEvent(value, event, environment) : asResponse(value);
    } catch (error) {
      console.error(error);
      return event
        ? failure(error, event, environment)
        : { statusCode: 500, body: { error: messageOf(error) } };
    }
  };
}

function failure(error, event, environment) {
  const retryable = error?.retryable === true;
  const failed = failedEvent({ message: messageOf(error), retryable }, event, environment);
  if (!retryable) return failed;
  // Only a status outside 2xx makes a broker deliver the event again.
  const { headers, body } = HTTP.binary(failed);
  return { statusCode: 500, headers, body };
}

function asResponse(value) {
  // The middleware would answer 204 to 0 and false, and nothing at all to true and other numbers.
  if (['number', 'boolean', 'bigint'].includes(typeof value)) {
    return { headers: { 'content-type': 'application/json; charset=utf-8' }, body: String(value) };
  }
  return value;
}

function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
