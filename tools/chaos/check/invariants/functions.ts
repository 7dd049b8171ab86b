import type { Rule } from './rule.ts';

/** I3: what serves was built for its function by a Job of ours, and is there. */
export const FUNCTIONS: readonly Rule[] = [
  {
    invariant: 'I3',
    holds: 'a function serves what a succeeded build of it made',
    breaks: `select f.applied_build_id as build_id, format('%s serves %s', f.service, f.applied_digest) as found
      from functions f where f.applied_digest is not null and not exists (
        select from builds b where b.build_id = f.applied_build_id and b.tenant = f.tenant and b.parser = f.parser
          and b.status = 'succeeded' and b.artifact ->> 'digest' = f.applied_digest)`,
  },
  {
    invariant: 'I3',
    holds: 'a function serves what a Job of ours made',
    breaks: `select f.applied_build_id as build_id, format('the Job of %s is not known', coalesce(b.reused_from, b.build_id)) as found
      from functions f join builds b on b.build_id = f.applied_build_id
      where f.applied_digest is not null and not exists (
        select from builds made join build_attempts a on a.build_id = made.build_id and a.attempt = made.attempt
        where made.build_id = coalesce(b.reused_from, b.build_id) and made.status = 'succeeded'
          and made.artifact ->> 'digest' = f.applied_digest and a.job_uid is not null)`,
  },
  {
    invariant: 'I3',
    holds: 'the image store holds what serves',
    breaks: `select build_id, format('%s of %s is not there', digest, service) as found from (
        select applied_build_id as build_id, service, applied_digest as digest from functions where applied_status = 'ready'
        union select null, service, digest from revisions where serving) served
      where not exists (select from images i where i.digest = served.digest)`,
  },
  {
    invariant: 'I3',
    holds: 'what serves is what the row of the function says',
    // After a failed deployment the revision before it goes on serving, so a row that says "failed" says nothing of that.
    breaks: `select f.applied_build_id as build_id, format('%s: the row says %s %s %s, and %s serves %s', coalesce(f.service, r.service),
        coalesce(f.applied_status, 'nothing'), f.applied_revision, f.applied_digest, coalesce(r.revision, 'nothing'), r.digest) as found
      from functions f full join (select * from revisions where serving) r on r.service = f.service
      where case coalesce(f.applied_status, 'none')
        when 'ready' then (r.revision, r.digest) is distinct from (f.applied_revision, f.applied_digest)
        when 'failed' then false else r.service is not null end`,
  },
  {
    invariant: 'I3',
    holds: 'a revision holds what a succeeded build of its function made',
    breaks: `select null as build_id, format('%s holds %s', r.revision, coalesce(r.digest, 'nothing')) as found
      from revisions r where not exists (
        select from functions f join builds b on b.tenant = f.tenant and b.parser = f.parser
        where f.service = r.service and f.tenant = r.tenant and f.parser = r.parser
          and b.status = 'succeeded' and b.artifact ->> 'digest' = r.digest)`,
  },
  {
    invariant: 'I3',
    holds: 'the last wish for a function is carried out',
    // Options alone deploy nothing: they wait for the first code.
    breaks: `select f.code_build_id as build_id, format('%s is at wish %s of %s', f.service, f.applied_version, f.wish_version) as found
      from functions f where f.applied_version < f.wish_version
        and (f.code_artifact is not null or f.deleted_sequence > f.code_sequence)`,
  },
];
