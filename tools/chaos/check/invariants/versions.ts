import type { Rule } from './rule.ts';

const ENDED = "('succeeded', 'failed', 'cancelled')";
// Notes are remarks at the version that their writer knew, and may come late. Only changes have an order.
const CHANGES = "(select * from build_events where type <> 'note')";

/** I8: versions only grow, and terminal is final. */
export const VERSIONS: readonly Rule[] = [
  {
    invariant: 'I8',
    holds: 'the history has the versions from 1 to that of the build',
    breaks: `select b.build_id, format('{%s}, and the build is at %s', string_agg(h.version::text, ', ' order by h.version), b.version) as found
      from builds b left join ${CHANGES} h on h.build_id = b.build_id group by b.build_id, b.version
      having count(distinct h.version) <> b.version or min(h.version) <> 1 or max(h.version) <> b.version`,
  },
  {
    invariant: 'I8',
    holds: 'times do not go back',
    breaks: `select build_id, format('version %s is from %s, the one before from %s', version, at, before) as found
      from (select build_id, version, at, lag(at) over (partition by build_id order by version, seq) as before from ${CHANGES} h) h
      where at < before`,
  },
  {
    invariant: 'I8',
    holds: 'nothing follows a terminal state',
    breaks: `select build_id, format('%s at version %s is followed by %s', type, version, later) as found
      from (select *, lead(type) over (partition by build_id order by version, seq) as later from ${CHANGES} h) h
      where status in ${ENDED} and later is not null`,
  },
  {
    invariant: 'I8',
    holds: 'a build stands where its history ends',
    breaks: `select b.build_id, format('%s, %s, attempt %s, and the history says %s, %s, attempt %s',
        b.status, b.phase, b.attempt, h.status, h.phase, h.attempt) as found
      from builds b join ${CHANGES} h on h.build_id = b.build_id and h.version = b.version
      where (b.status, b.phase, b.attempt) <> (h.status, h.phase, h.attempt)`,
  },
  {
    invariant: 'I8',
    holds: 'of the facts that were received the highest version is the end',
    breaks: `select b.build_id, format('%s at version %s, and the build ended at %s', last.fact, last.version, b.version) as found
      from builds b join (select distinct on (build_id) build_id, fact, version from received
        where fact is not null and version is not null
        order by build_id, version desc, fact in ('build.complete', 'build.failed', 'build.cancelled')) last using (build_id)
      where b.status in ${ENDED} and (last.version <> b.version
        or last.fact not in ('build.complete', 'build.failed', 'build.cancelled'))`,
  },
];
