import type { Rule } from './rule.ts';

const LIVE = "('pending', 'running')";

/** I7: nothing outlives its build, and nothing that lives is taken away. */
export const LEFT_OVERS: readonly Rule[] = [
  {
    invariant: 'I7',
    holds: 'no process outlives its build or its attempt',
    breaks: `select b.build_id, format('process %s of the Job %s lives', p.pid, p.job) as found
      from job_processes p left join build_attempts a on a.job_name = p.job left join builds b on b.build_id = a.build_id
      where b.status is null or b.status not in ${LIVE} or a.gone_at is not null`,
  },
  {
    invariant: 'I7',
    holds: 'no process of a function outlives the gateway that started it',
    breaks: `select code_build_id as build_id, format('process %s of %s lives', p.pid, p.service) as found
      from function_processes p left join functions f using (service) where not kept`,
  },
  {
    invariant: 'I7',
    holds: 'a Job folder has a live attempt',
    breaks: `select coalesce(a.build_id, j.build_id) as build_id, format('%s %s', j.folder,
        case when a.job_name is null then 'has none' else 'has gone at ' || a.gone_at end) as found
      from job_folders j left join build_attempts a on a.job_name = j.folder
      where a.job_name is null or a.gone_at is not null`,
  },
  {
    invariant: 'I7',
    holds: 'a live build has its context',
    breaks: `select build_id, format('%s is not there', context ->> 'key') as found from builds b
      where status in ${LIVE} and context ->> 'store' = 'file'
        and not exists (select from context_files c where c.key = b.context ->> 'key')`,
  },
  {
    invariant: 'I7',
    holds: 'a slot is held for a live build',
    breaks: `select a.build_id, format('attempt %s holds one, and the build is %s', a.attempt, b.status) as found
      from build_attempts a join builds b on b.build_id = a.build_id
      where a.gone_at is null and b.status not in ${LIVE}`,
  },
];
