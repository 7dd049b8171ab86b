import type { AttemptOfBuild, Ledger } from '../src';
import { LIVE_PHASES, starting } from './cancel-phases';
import { claimed, LIMITS, queuedBuild, runningBuild, succeeded } from './given';

/** A build, and a move of it that is ready to be made but not made yet. */
interface Contest {
  id: string;
  move: () => Promise<unknown>;
}

export interface Contender {
  /** The status that the move ends the build with; undefined where the build then goes on. */
  end?: 'succeeded' | 'failed';
  /** Prepares the move for a new build of the function. */
  prepare(ledger: Ledger, parser: string): Promise<Contest>;
}

const CAUSE = { code: 'build_command' as const, message: 'm', hint: 'h', retryable: false };
const ARTIFACT = { kind: 'image' as const, uri: 'r/i:t', digest: 'sha256:1' };
const CONTEXT = { store: 'file' as const, key: 'k', size: 1, sha256: 'a'.repeat(64) };

/** A move that ends due work `prepare`. */
function preparation(
  move: (ledger: Ledger, ...work: Parameters<Ledger['preparation']['queue']>) => Promise<unknown>,
): Contender['prepare'] {
  return async (ledger, parser) => {
    const id = await LIVE_PHASES['preparing']!(ledger, parser);
    const build = await ledger.builds.mustGet(id);
    const work = await claimed(ledger, 'prepare', id);
    const content = {
      identity: `identity of ${parser}`,
      runtime: 'nodejs24',
      context: CONTEXT,
      imageUri: 'u',
    };
    return { id, move: () => move(ledger, work, build, content) };
  };
}

/** A move of a build whose Job runs. */
function attempt(move: (ledger: Ledger, of: AttemptOfBuild) => Promise<unknown>): Contender['prepare'] {
  return async (ledger, parser) => {
    const of = await starting(ledger, parser);
    return { id: of.build.build_id, move: () => move(ledger, of) };
  };
}

/** A move that ends due work `verify` of a Job that has ended. */
function verification(
  move: (ledger: Ledger, ...work: Parameters<Ledger['attempts']['retry']>) => Promise<unknown>,
): Contender['prepare'] {
  return async (ledger, parser) => {
    const of = await starting(ledger, parser);
    await ledger.attempts.endSeen(of.attempt, { status: 'success', digest: ARTIFACT.digest });
    const work = await claimed(ledger, 'verify', of.attempt.job_name);
    return { id: of.build.build_id, move: () => move(ledger, work, of, CAUSE, 0) };
  };
}

async function claim(ledger: Ledger, parser: string): Promise<Contest> {
  const id = await LIVE_PHASES['queued']!(ledger, parser);
  return { id, move: () => ledger.slots.claim(LIMITS) };
}

async function gone(ledger: Ledger, parser: string): Promise<Contest> {
  const { build, attempt: row } = await starting(ledger, parser);
  await ledger.due.ensure('stop', row.job_name, row.tenant);
  const work = await claimed(ledger, 'stop', row.job_name);
  return { id: build.build_id, move: () => ledger.attempts.gone(work, row.job_name, 3) };
}

/** The build waits for its twin, which has just succeeded. */
async function settledWell(ledger: Ledger, parser: string): Promise<Contest> {
  const twin = await runningBuild(ledger, 'same', { parser: 'twin' });
  const waiter = await queuedBuild(ledger, 'same', { parser });
  await succeeded(ledger, twin);
  const built = (await ledger.preparation.builtBefore('same'))!;
  const work = await claimed(ledger, 'settle', 'same');
  return { id: waiter.build_id, move: () => ledger.coalescing.reuse(work, [waiter], built) };
}

/** The build waits for its twin, which has just failed for a reason that they share. */
async function settledBadly(ledger: Ledger, parser: string): Promise<Contest> {
  const twin = await runningBuild(ledger, 'same', { parser: 'twin' });
  const waiter = await queuedBuild(ledger, 'same', { parser });
  await ledger.attempts.endSeen(twin.attempt, { status: 'failed', cause: CAUSE });
  await ledger.attempts.fail(await claimed(ledger, 'verify', twin.attempt.job_name), twin, CAUSE, 1);
  const work = await claimed(ledger, 'settle', 'same');
  const move = () => ledger.coalescing.shareFailure(work, [waiter], twin.build.build_id);
  return { id: waiter.build_id, move };
}

/** Every move that a build can make from a state in which it can also be cancelled. */
export const CONTENDERS: Record<string, Contender> = {
  'its preparation begins': {
    prepare: async (ledger, parser) => {
      const id = await LIVE_PHASES['accepted']!(ledger, parser);
      return { id, move: () => ledger.preparation.begin(id) };
    },
  },
  'it is queued': {
    prepare: preparation((ledger, work, build, content) => ledger.preparation.queue(work, build, content)),
  },
  'its context is all that was asked for': {
    end: 'succeeded',
    prepare: preparation((ledger, work, build, content) =>
      ledger.preparation.finishContext(work, build, content),
    ),
  },
  'its content was built before': {
    end: 'succeeded',
    prepare: preparation((ledger, work, build, { identity }) => {
      const built = { identity, artifact: ARTIFACT, image_uri: ARTIFACT.uri, build_id: 'build-earlier' };
      return ledger.preparation.reuse(work, build, built, 'nodejs24');
    }),
  },
  'its source is refused': {
    end: 'failed',
    prepare: preparation((ledger, work, build) => ledger.preparation.refuse(work, build.build_id, CAUSE)),
  },
  'its twin succeeds': { end: 'succeeded', prepare: settledWell },
  'its twin fails': { end: 'failed', prepare: settledBadly },
  'it gets a slot': { prepare: claim },
  'its builder begins': { prepare: attempt((ledger, of) => ledger.attempts.progress(of, 'building')) },
  'its Job is found gone': { prepare: gone },
  'it is sent back for another attempt': {
    prepare: verification((ledger, work, of, cause) => ledger.attempts.retry(work, of, cause, 0)),
  },
  'it fails': {
    end: 'failed',
    prepare: verification((ledger, work, of, cause) => ledger.attempts.fail(work, of, cause, 1)),
  },
  'it succeeds': {
    end: 'succeeded',
    prepare: verification((ledger, work, of) => ledger.attempts.succeed(work, of, ARTIFACT)),
  },
};
