import type { Options } from 'amqplib';
import type { Command, Door } from './wish.ts';

/** A POST request, ready to be sent as often as it takes. */
export interface Post {
  headers: Record<string, string>;
  body: string;
}

export interface Message {
  routingKey: string;
  content: Buffer;
  options: Options.Publish;
}

const JSON_TYPE = 'application/json';
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

function attributeHeaders({ data: _data, ...attributes }: Command): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
}

export function postOf(command: Command, door: Door): Post {
  if (door === 'http-structured')
    return { headers: { 'content-type': STRUCTURED }, body: JSON.stringify(command) };
  return {
    headers: { 'content-type': JSON_TYPE, ...attributeHeaders(command) },
    body: JSON.stringify(command.data),
  };
}

export function batchOf(commands: readonly Command[]): Post {
  return { headers: { 'content-type': BATCH }, body: JSON.stringify(commands) };
}

export function messageOf(command: Command, door: Door): Message {
  const options = { messageId: command.id, type: command.type, persistent: true };
  const routingKey = command.type;
  if (door === 'amqp-structured') {
    const content = Buffer.from(JSON.stringify(command));
    return { routingKey, content, options: { ...options, contentType: STRUCTURED } };
  }
  const content = Buffer.from(JSON.stringify(command.data));
  const headers = attributeHeaders(command);
  return { routingKey, content, options: { ...options, contentType: JSON_TYPE, headers } };
}
