import { sql, type RawBuilder } from 'kysely';
import type { AttemptOfBuild, Ledger } from '../src';
import { acceptRequest, claimed, queuedBuild, runningBuild } from './given';

/** Brings a new build of the function to a phase, and returns its id. */
type Bring = (ledger: Ledger, parser: string) => Promise<string>;

const LOST = { code: 'lost' as const, message: 'gone', hint: 'h', retryable: true };

async function accepted(ledger: Ledger, parser: string): Promise<string> {
  return (await ledger.acceptBuild(acceptRequest({ parser }))).build.build_id;
}

async function preparing(ledger: Ledger, parser: string): Promise<string> {
  const id = await accepted(ledger, parser);
  await ledger.preparation.begin(id);
  return id;
}

const queued: Bring = async (ledger, parser) =>
  (await queuedBuild(ledger, `identity of ${parser}`, { parser })).build_id;

/** Its Job has been created. */
export function starting(ledger: Ledger, parser: string): Promise<AttemptOfBuild> {
  return runningBuild(ledger, `identity of ${parser}`, { parser });
}

const moved = (phase: 'building' | 'pushing') => async (ledger: Ledger, parser: string) => {
  const of = await starting(ledger, parser);
  await ledger.attempts.progress(of, phase);
  return of.build.build_id;
};

async function jobEnded(ledger: Ledger, parser: string): Promise<string> {
  const of = await starting(ledger, parser);
  await ledger.attempts.endSeen(of.attempt, { status: 'success', digest: 'sha256:1' });
  return of.build.build_id;
}

/** The first attempt was lost and the second has to wait. */
async function betweenAttempts(ledger: Ledger, parser: string): Promise<string> {
  const of = await starting(ledger, parser);
  await ledger.attempts.endSeen(of.attempt, { status: 'failed', cause: LOST });
  await ledger.attempts.retry(await claimed(ledger, 'verify', of.attempt.job_name), of, LOST, 3600);
  return of.build.build_id;
}

/** Every place between its start and its end at which a build may be cancelled. */
export const LIVE_PHASES: Record<string, Bring> = {
  accepted,
  preparing,
  queued,
  starting: async (ledger, parser) => (await starting(ledger, parser)).build.build_id,
  building: moved('building'),
  pushing: moved('pushing'),
  'ended, not verified': jobEnded,
  'between two attempts': betweenAttempts,
};

/** What a build has left behind for others to act on. */
export interface Trace {
  status: string;
  /** Types of the events under the one id of the build's end. */
  ends: string[];
  /** The build whose code its function has. */
  code: string | null;
  /** Pieces of work to deploy its function. */
  deploys: number;
  /** Artifacts that equal contents would be answered with. */
  artifacts: number;
}

export const CANCELLED: Trace = {
  status: 'cancelled',
  ends: ['build.cancelled'],
  code: null,
  deploys: 0,
  artifacts: 0,
};

async function endsOf(ledger: Ledger, buildId: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`select routing_key as key from outbox
    where event ->> 'id' = ${`${buildId}/end`}`.execute(ledger.database.kysely);
  return rows.map(({ key }) => key.replace('network.notifi.lambda.', ''));
}

async function count(ledger: Ledger, of: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${of}`.execute(ledger.database.kysely);
  return rows[0]!.n;
}

/** Reads it. Fails where the history of the build has a gap or goes on after its end. */
export async function traceOf(ledger: Ledger, buildId: string): Promise<Trace> {
  const build = await ledger.builds.mustGet(buildId);
  const versions = new Set((await ledger.builds.history(buildId)).map((entry) => entry.version));
  if (versions.size !== build.version || Math.max(...versions) !== build.version)
    throw new Error(`version ${build.version} of ${buildId} has the history ${[...versions].join()}`);
  const key = `${build.tenant}/${build.parser}`;
  return {
    status: build.status,
    ends: await endsOf(ledger, buildId),
    code: (await ledger.functions.get(build.tenant, build.parser))!.code_build_id,
    deploys: await count(ledger, sql`due_work where kind = 'deploy' and key = ${key}`),
    artifacts: await count(ledger, sql`artifacts where build_id = ${buildId}`),
  };
}

/** Takes the Jobs away that shall go, as the launcher does, and returns their names. */
export async function takeJobsAway(ledger: Ledger): Promise<string[]> {
  const stops = await ledger.due.claim('stop', 100);
  for (const work of stops) await ledger.attempts.gone(work, work.key, 3);
  return stops.map((work) => work.key);
}
