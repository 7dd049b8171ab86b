import { EVENT_EXCHANGE, type Message } from './servers.ts';

export const TYPE_PREFIX = 'network.notifi.lambda.';

export interface FunctionIds {
  tenant: string;
  parser: string;
}

/** A command to build a function, as an outside client sends it: structured mode, one message per event. */
export function buildStart(id: string, { tenant, parser }: FunctionIds, data: object = {}): Message {
  const type = `${TYPE_PREFIX}build.start`;
  const event = {
    specversion: '1.0',
    id,
    type,
    source: `network.notifi.${tenant}`,
    subject: parser,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { third_party_id: tenant, parser_id: parser, runtime: 'nodejs24', ...data },
  };
  return {
    exchange: EVENT_EXCHANGE,
    routingKey: type,
    body: Buffer.from(JSON.stringify(event)),
    options: { contentType: 'application/cloudevents+json', messageId: id },
  };
}
