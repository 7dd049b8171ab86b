import { sql, type RawBuilder } from 'kysely';

/**
 * The builds that wait for a slot, each with its place in the queue: rank = the tenant's running builds + the number of the
 * row within the tenant by (priority, age); then age. Left out, because they have no place of their own: builds whose
 * identity is being built, all but the first of those that wait for one identity, and those that may not start yet.
 * The slot claim and the position that the api shows are both read from here.
 */
export function waitingBuilds(platform: string): RawBuilder<unknown> {
  return sql`(
    select w.build_id, w.tenant, w.identity, w.queued_at, w.forced, w.tenant_place + coalesce(r.n, 0) as rank,
      row_number() over (order by w.tenant_place + coalesce(r.n, 0), w.queued_at, w.build_id) as position
    from (
      select f.*, row_number() over (partition by f.tenant order by f.priority, f.queued_at, f.build_id) as tenant_place
      from (
        select b.build_id, b.tenant, b.identity, b.priority, b.queued_at, b.forced,
          row_number() over (partition by b.identity order by b.priority, b.queued_at, b.build_id) as twin
        from builds b
        where b.platform = ${platform} and b.status = 'pending' and b.phase = 'queued'
          and (b.not_before is null or b.not_before <= clock_timestamp())
          and not exists (select 1 from build_attempts a where a.identity = b.identity and a.gone_at is null)
          and (b.forced or not exists (select 1 from artifacts k where k.identity = b.identity))
      ) f where f.twin = 1
    ) w left join (
      select tenant, count(*) as n from build_attempts where platform = ${platform} and gone_at is null group by tenant
    ) r on r.tenant = w.tenant
  )`;
}
