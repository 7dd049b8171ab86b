import type pg from 'pg';

/** How long the ended builds of one tenant and kind waited. */
export interface Waits {
  tenant: string;
  /** `new` or `unchanged`, the part of the event id behind the series. */
  kind: string;
  /** From the acceptance until the build began, or ended where another one's artifact was reused. */
  seconds: number[];
  /** Builds that began in that time: the order of the queue, whatever else slowed the machine down. */
  turns: number[];
}

const QUERY = `select tenant, split_part(event_id, '/', 2) as kind,
    array_agg(extract(epoch from coalesce(started_at, completed_at) - created_at)::float8) as seconds,
    array_agg((select count(*) from builds o where o.event_id like $1 || '/%'
      and o.started_at > b.created_at and o.started_at < b.started_at)::float8) as turns
  from builds b where event_id like $1 || '/%' and completed_at is not null group by 1, 2 order by 1, 2`;

export async function waitsOf(client: pg.Client, series: string): Promise<Waits[]> {
  return (await client.query<Waits>(QUERY, [series])).rows;
}
