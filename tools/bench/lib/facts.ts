import { createHash } from 'node:crypto';
import { EVENT_EXCHANGE, type Message } from './servers.ts';
import { TYPE_PREFIX } from './start-events.ts';

/** A fact that no queue of Slipway's is bound to. */
export const FACT_TYPE = `${TYPE_PREFIX}status.update`;

const SHARDS = 16;
const FUNCTIONS = 200;

/** The CloudEvent of a build that has begun, in its JSON form; the extension attributes stand beside the others. */
export interface Fact {
  attributes: Record<string, string>;
  data: object;
  partitionKey: string;
}

export function factOf(number: number): Fact {
  const ids = { third_party_id: 'bench', parser_id: `function-${number % FUNCTIONS}` };
  const build = `build-bench-${ids.parser_id}-${number}`;
  const partitionKey = `${ids.third_party_id}/${ids.parser_id}`;
  return {
    partitionKey,
    attributes: {
      id: `${build}/4`,
      source: 'network.notifi.builder',
      type: FACT_TYPE,
      specversion: '1.0',
      time: '2026-01-31T12:00:00.000Z',
      subject: `build/${partitionKey}`,
      datacontenttype: 'application/json',
      correlationid: `correlation-${number}`,
      causationid: `start-${number}`,
      partitionkey: partitionKey,
    },
    data: { build_id: build, ...ids, version: 4, status: 'running', phase: 'starting', attempt: 1 },
  };
}

/** The shard that the ledger would give it: the hash of its partition key. */
export function shardOf({ partitionKey }: Fact): number {
  return createHash('sha256').update(partitionKey).digest().readUInt32BE(0) % SHARDS;
}

/** The message that a relay makes of it: binary mode with `ce-` headers. */
export function messageOf({ attributes, data }: Fact): Message {
  const { datacontenttype, ...rest } = attributes;
  const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [`ce-${name}`, value]));
  return {
    exchange: EVENT_EXCHANGE,
    routingKey: FACT_TYPE,
    body: Buffer.from(JSON.stringify(data)),
    options: {
      headers,
      messageId: rest['id'],
      type: rest['type'],
      timestamp: Math.floor(Date.parse(rest['time']!) / 1000),
      contentType: datacontenttype,
      correlationId: rest['correlationid'],
      appId: 'slipway',
    },
  };
}
