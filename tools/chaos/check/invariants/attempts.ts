import type { Rule } from './rule.ts';

/** Attempts that begin before all earlier ones of the same build or content have gone. */
function overlapping(column: 'build_id' | 'identity'): string {
  return `select build_id, format('attempt %s was claimed at %s, while one held on until %s', attempt, created_at, held) as found
    from (select *, max(coalesce(gone_at, 'infinity')) over (partition by ${column} order by created_at, build_id, attempt
      rows between unbounded preceding and 1 preceding) as held from build_attempts) a
    where created_at < held`;
}

/** I2: at most one live Job per attempt, under names that follow from build and attempt. */
export const ATTEMPTS: readonly Rule[] = [
  {
    invariant: 'I2',
    holds: 'a Job is named after its build and attempt',
    breaks: `select build_id, format('attempt %s has the Job %s', attempt, job_name) as found from build_attempts
      where job_name <> case attempt when 1 then build_id else build_id || '-' || attempt end`,
  },
  {
    invariant: 'I2',
    holds: 'attempts are numbered from 1 without gaps, up to the attempt of the build',
    breaks: `select b.build_id, format('{%s}, and the build is at %s', string_agg(a.attempt::text, ', ' order by a.attempt), b.attempt) as found
      from builds b left join build_attempts a on a.build_id = b.build_id group by b.build_id, b.attempt
      having coalesce(array_agg(a.attempt order by a.attempt) filter (where a.attempt is not null), '{}')
        <> array(select generate_series(1, b.attempt))`,
  },
  {
    invariant: 'I2',
    holds: 'an attempt begins when the earlier ones of its build have gone',
    breaks: overlapping('build_id'),
  },
  {
    invariant: 'I2',
    holds: 'a content is built once at a time',
    breaks: overlapping('identity'),
  },
  {
    invariant: 'I2',
    holds: 'a Job folder is that of its attempt',
    breaks: `select j.build_id, format('%s (%s) names attempt %s, whose Job is %s (%s)', j.folder, j.uid, j.attempt, a.job_name, a.job_uid) as found
      from job_folders j join build_attempts a on a.build_id = j.build_id and a.attempt = j.attempt
      where j.folder not like '.%' and (j.folder <> a.job_name or j.uid is distinct from coalesce(a.job_uid, j.uid))`,
  },
  {
    invariant: 'I2',
    holds: 'a Job has one supervisor',
    breaks: `select a.build_id, format('%s has the processes %s', p.job, string_agg(p.pid::text, ', ')) as found
      from job_processes p left join build_attempts a on a.job_name = p.job where p.supervisor
      group by p.job, a.build_id having count(*) > 1`,
  },
];
