import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inLanes } from './lanes.ts';
import { TYPE_PREFIX, type FunctionIds } from './start-events.ts';

const BUILD = `insert into builds (build_id, tenant, parser, event_source, event_id, event_hash, sequence, status, phase,
    priority, platform, builder, request, source, stop_after, timeout_seconds, correlation_id, causation_id)
  values ($1, $2, $3, $4, $5, $6, 1, 'pending', 'accepted', 5, 'local', 'host', $7, $8, 'service', 1800, $5, $5)`;
const HISTORY = `insert into build_events (build_id, version, seq, type, status, phase, attempt, actor, detail)
  values ($1, 1, 0, 'build.accepted', 'pending', 'accepted', 0, 'amqp', $2)`;
const FACT = `insert into outbox (shard, partition_key, exchange, routing_key, mandatory, event)
  values (0, $1, 'cloud-events', $2, true, $3)`;

/** What acceptance has to leave behind: the build, its history and its fact, in one transaction. */
async function acceptOne(client: pg.Client, { tenant, parser }: FunctionIds): Promise<void> {
  const id = randomUUID();
  const buildId = `build-${id}`;
  const request = JSON.stringify({ third_party_id: tenant, parser_id: parser, runtime: 'nodejs24' });
  const source = JSON.stringify({
    kind: 'object',
    bucket: 'slipway-sources',
    key: `global/parser/${parser}`,
  });
  const type = `${TYPE_PREFIX}build.accepted`;
  const event = JSON.stringify({
    id: `${buildId}/1`,
    source: 'network.notifi.builder',
    type,
    specversion: '1.0',
    time: new Date().toISOString(),
    subject: `build/${tenant}/${parser}`,
    datacontenttype: 'application/json',
    correlationid: id,
    causationid: id,
    partitionkey: `${tenant}/${parser}`,
    data: { build_id: buildId, third_party_id: tenant, parser_id: parser, version: 1, sequence: 1 },
  });
  const hash = id.replaceAll('-', '').repeat(2);
  await client.query('begin');
  await client.query(BUILD, [buildId, tenant, parser, `network.notifi.${tenant}`, id, hash, request, source]);
  await client.query(HISTORY, [buildId, JSON.stringify({ source: 'object' })]);
  await client.query(FACT, [`${tenant}/${parser}`, type, event]);
  await client.query('commit');
}

interface Load {
  events: number;
  connections: number;
  functionOf: (number: number) => FunctionIds;
  signal: AbortSignal;
}

/** The baseline: a bare `pg` loop on each connection, one event per transaction. Returns events per second. */
export async function bareAcceptRate(database: string, load: Load): Promise<number> {
  const { events: count, connections: lanes, functionOf, signal } = load;
  const clients = Array.from({ length: lanes }, () => new pg.Client({ connectionString: database }));
  for (const client of clients) client.on('error', () => undefined); // Its statements fail by themselves.
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const start = performance.now();
    await inLanes({ count, lanes, signal }, (number, lane) => acceptOne(clients[lane]!, functionOf(number)));
    return (count / (performance.now() - start)) * 1000;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
