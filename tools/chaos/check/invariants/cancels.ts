import type { Rule } from './rule.ts';

/** What the doors answer to a cancel that they have taken: 200 over REST, 202 to an event. */
export const TAKEN = 'status in (200, 202)';

/** Builds whose cancel was answered, and builds that the ledger calls cancelled, however that came. */
const CANCELLED = `(select build_id from cancels where door = 'http' and ${TAKEN}
  union select build_id from builds where status = 'cancelled')`;

/** I6: what was cancelled never succeeds and never serves. */
export const CANCELS: readonly Rule[] = [
  {
    invariant: 'I6',
    holds: 'a build whose cancel was taken ends cancelled',
    breaks: `select distinct b.build_id, format('it is %s', b.status) as found
      from cancels c join builds b on b.build_id = c.build_id
      where c.door = 'http' and c.${TAKEN} and b.status <> 'cancelled'`,
  },
  {
    invariant: 'I6',
    holds: 'a cancelled build is not deployed',
    breaks: `select c.build_id, format('it is the code of %s', f.service) as found
      from ${CANCELLED} c join functions f on c.build_id in (f.code_build_id, f.applied_build_id)`,
  },
  {
    invariant: 'I6',
    holds: 'a cancelled build answers no other',
    breaks: `select c.build_id, format('%s was answered with it', b.build_id) as found
      from ${CANCELLED} c join builds b on b.reused_from = c.build_id
      union all select c.build_id, format('it stands for the content %s', k.identity)
      from ${CANCELLED} c join artifacts k on k.build_id = c.build_id`,
  },
  {
    invariant: 'I6',
    holds: 'a cancelled build is never said to be complete',
    breaks: `select distinct c.build_id, format('%s was received', r.event_id) as found
      from ${CANCELLED} c join received r on r.build_id = c.build_id and r.fact = 'build.complete'`,
  },
];
