import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  `create table due_work (
    kind text not null,
    key text not null,
    tenant text,
    payload jsonb,
    due_at timestamptz not null default clock_timestamp(),
    created_at timestamptz not null default clock_timestamp(),
    tries int not null default 0,
    wakes int not null default 0,
    lease_until timestamptz,
    lease_token bigint not null default 0,
    last_cause jsonb,
    primary key (kind, key)
  )`,
  `create index due_work_by_time on due_work (kind, due_at)`,
  `create table inbox (
    queue text not null,
    tenant text not null,
    source text not null,
    event_id text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (queue, tenant, source, event_id)
  )`,
  `create index inbox_by_age on inbox (at)`,
  `create table outbox (
    id bigint generated always as identity primary key,
    shard int not null,
    partition_key text not null,
    exchange text not null,
    routing_key text not null,
    mandatory boolean not null,
    event json not null,
    created_at timestamptz not null default clock_timestamp(),
    due_at timestamptz not null default clock_timestamp(),
    tries int not null default 0,
    last_error text,
    sent_at timestamptz
  )`,
  `create index outbox_unsent on outbox (shard, id) where sent_at is null`,
  `create index outbox_sent on outbox (sent_at) where sent_at is not null`,
  `create table outbox_shards (
    shard int primary key,
    lease_token bigint not null default 0,
    lease_until timestamptz
  )`,
  `insert into outbox_shards (shard) select generate_series(0, 15)`,
  `create table deliveries (
    event_id text not null,
    event_source text not null,
    service text not null,
    tenant text not null,
    parser text not null,
    event json not null,
    hops int not null,
    state text not null default 'pending',
    status int,
    cause jsonb,
    created_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    primary key (event_source, event_id, service)
  )`,
  `create index deliveries_by_age on deliveries (created_at)`,
  `create table function_results (
    tenant text not null,
    parser text not null,
    completed bigint not null default 0,
    failed bigint not null default 0,
    last_event json,
    last_at timestamptz not null default clock_timestamp(),
    primary key (tenant, parser)
  )`,
  `create table app_leases (
    app text not null,
    instance text not null,
    detail jsonb not null default '{}',
    lease_until timestamptz not null,
    primary key (app, instance)
  )`,
];

export const machinery: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
