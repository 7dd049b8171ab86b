import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '../database/database';
import type { DueKind } from '../due-work/due-work';

/** What may begin so often: work of a kind, and Jobs. */
export type RateStage = DueKind | 'job';

/** How much may begin in a minute; absent means as much as wanted. What is above it waits, and nothing is refused. */
export interface RateLimits {
  perMinute?: number | undefined;
  perMinutePerTenant?: number | undefined;
}

/** The bucket that all tenants share; no tenant has an empty name. */
const COMMON = '';

/** The limits that are set, each with the tenant whose bucket it fills. */
function bucketsOf(
  { perMinute, perMinutePerTenant }: RateLimits,
  tenant: RawBuilder<unknown>,
): { tenant: RawBuilder<unknown>; limit: number }[] {
  return [
    ...(perMinutePerTenant === undefined ? [] : [{ tenant, limit: perMinutePerTenant }]),
    ...(perMinute === undefined ? [] : [{ tenant: sql`${COMMON}`, limit: perMinute }]),
  ];
}

export function isUnlimited({ perMinute, perMinutePerTenant }: RateLimits): boolean {
  return perMinute === undefined && perMinutePerTenant === undefined;
}

/** What a bucket of `limit` tokens, filled evenly within a minute, holds by now. */
function filled(limit: number): RawBuilder<unknown> {
  return sql`least(${limit}, r.tokens + extract(epoch from clock_timestamp() - r.at) * ${limit / 60}::float8)`;
}

/** Whether the tenant's bucket and the common one hold a token each; a bucket that was never used is full. */
export function mayBegin(
  stage: RateStage,
  limits: RateLimits,
  tenant: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const full = bucketsOf(limits, tenant).map(
    (bucket) => sql`not exists (select 1 from rates r
      where r.stage = ${stage} and r.tenant = ${bucket.tenant} and ${filled(bucket.limit)} < 1)`,
  );
  return full.length === 0 ? sql`true` : sql.join(full, sql` and `);
}

/** Takes a token from each bucket for what begins now. The caller has made sure that nobody else does so at the same time. */
export async function takeToken(tx: Tx, stage: RateStage, limits: RateLimits, tenant: string): Promise<void> {
  for (const bucket of bucketsOf(limits, sql`${tenant}`)) {
    await sql`insert into rates as r (stage, tenant, tokens, at)
      values (${stage}, ${bucket.tenant}, ${bucket.limit - 1}, clock_timestamp())
      on conflict (stage, tenant) do update set tokens = ${filled(bucket.limit)} - 1, at = excluded.at`.execute(
      tx,
    );
  }
}
