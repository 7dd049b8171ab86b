import { EVENT_EXCHANGE, type Message } from './servers.ts';

export const TYPE_PREFIX = 'network.notifi.lambda.';

/** The content type of structured mode, over RabbitMQ and HTTP alike. */
export const STRUCTURED = 'application/cloudevents+json';

export interface FunctionIds {
  tenant: string;
  parser: string;
}

/** Node source without dependencies, for the `source` of a start event. */
export function inlineSource(code: string): object {
  return { kind: 'inline', files: { 'index.js': code } };
}

/** A command as an outside client sends it: structured mode, one message per event. */
function command(type: string, id: string, { tenant, parser }: FunctionIds, data: object): Message {
  const event = {
    specversion: '1.0',
    id,
    type: `${TYPE_PREFIX}${type}`,
    source: `network.notifi.${tenant}`,
    subject: parser,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { third_party_id: tenant, parser_id: parser, ...data },
  };
  return {
    exchange: EVENT_EXCHANGE,
    routingKey: event.type,
    body: Buffer.from(JSON.stringify(event)),
    options: { contentType: STRUCTURED, messageId: id },
  };
}

export function buildStart(id: string, ids: FunctionIds, data: object = {}): Message {
  return command('build.start', id, ids, { runtime: 'nodejs24', ...data });
}

/** Cancels one build. */
export function buildCancel(id: string, ids: FunctionIds, buildId: string): Message {
  return command('build.cancel', id, ids, { build_id: buildId });
}
