import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  // One content may lie in several stores, so a place has a row and not an identity. The table `contexts` before this one
  // stays until no app of its version runs: what such an app stores meanwhile is found in the store and recorded here.
  `create table stored_contexts (
    store text not null,
    key text not null,
    identity text,
    tenant text,
    size bigint,
    sha256 text,
    state text not null default 'writing',
    created_at timestamptz not null default clock_timestamp(),
    used_at timestamptz not null default clock_timestamp(),
    primary key (store, key)
  )`,
  // As if just used: an app of the version before takes its references in the old table until it is gone.
  `insert into stored_contexts (store, key, identity, tenant, size, sha256, state, created_at, used_at)
    select store, key, identity, tenant, size, sha256, state, created_at, clock_timestamp() from contexts`,
  `create index stored_contexts_by_age on stored_contexts (store, used_at)`,
  `create index builds_running_identity on builds (identity) where status = 'running'`,
];

export const storedContexts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
