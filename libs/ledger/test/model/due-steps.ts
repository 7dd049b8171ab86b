import { SlipwayError, causeOf, type Cause } from '@slipway/domain';
import type { AttemptOfBuild, DueKind, Ledger, LeasedWork } from '../../src';
import { registryHolds, type Decision, type World } from './world';

/**
 * What the apps do with the ledger in their due steps, without the work itself: each claims nothing, reads, decides, and
 * says how the decision is carried out. Between the two anything else may happen.
 */
export interface Apps {
  ledger: Ledger;
  /** The identity of each build's content. */
  contents: ReadonlyMap<string, string>;
}

type DueStep = (apps: Apps, work: LeasedWork, world: World) => Promise<Decision>;

export const MAX_ATTEMPTS = 2;
const RUNTIME = 'nodejs24';
const CONTEXT = { store: 'file' as const, key: 'k', size: 1, sha256: 'a'.repeat(64) };

function isLive({ build, attempt }: AttemptOfBuild): boolean {
  return build.status === 'running' && build.attempt === attempt.attempt && attempt.ended_at === null;
}

function drop({ ledger }: Apps, work: LeasedWork): Decision {
  return { what: 'drop', carryOut: () => ledger.due.close(work, async () => undefined) };
}

function wait({ ledger }: Apps, work: LeasedWork): Decision {
  return { what: 'wait', carryOut: () => ledger.due.again(work, 0) };
}

async function prepare(apps: Apps, work: LeasedWork, world: World): Promise<Decision> {
  const { preparation } = apps.ledger;
  const build = await preparation.begin(work.key);
  if (!build) return drop(apps, work);
  const identity = apps.contents.get(work.key)!;
  const built = build.forced ? undefined : await preparation.builtBefore(identity);
  if (built && registryHolds(world, built.artifact.digest)) {
    return {
      what: `reuse ${built.build_id}`,
      carryOut: async () => void (await preparation.reuse(work, build, built, RUNTIME)),
    };
  }
  if (built) await preparation.forgetArtifact(built);
  await apps.ledger.contexts.refer(build, identity, { store: 'file', key: identity });
  const prepared = { identity, runtime: RUNTIME, context: CONTEXT, imageUri: `r/i:${identity}` };
  return { what: 'queue', carryOut: async () => void (await preparation.queue(work, build, prepared)) };
}

async function launch(apps: Apps, work: LeasedWork): Promise<Decision> {
  const { attempts, due } = apps.ledger;
  const of = await attempts.byJob(work.key);
  if (!of || !isLive(of)) return drop(apps, work);
  return {
    what: 'create',
    carryOut: async (world) => {
      if (!world.jobs.has(work.key)) world.jobs.set(work.key, 'running');
      await attempts.launched(work, of, `uid-${work.key}`);
      const after = await attempts.byJob(work.key);
      if (!after || !isLive(after)) await due.ensure('stop', work.key, of.build.tenant);
    },
  };
}

async function follow(apps: Apps, work: LeasedWork, world: World): Promise<Decision> {
  const { attempts } = apps.ledger;
  const of = await attempts.byJob(work.key);
  if (!of || of.attempt.gone_at) return drop(apps, work);
  const job = world.jobs.get(work.key);
  if (job === 'running' || (of.attempt.job_uid === null && isLive(of))) return wait(apps, work);
  const end = job ?? {
    status: 'failed' as const,
    cause: causeOf(new SlipwayError('lost', 'The Job is gone.')),
  };
  return {
    what: `end ${end.status} ${end.cause?.code ?? end.digest} ${isLive(of)}`,
    carryOut: async () => {
      if (isLive(of)) await attempts.endSeen(of.attempt, end);
      await attempts.logComplete(work, of.attempt);
    },
  };
}

/** No pause before another attempt: a pause only delays, and the clock stands still. */
async function finish(ledger: Ledger, work: LeasedWork, of: AttemptOfBuild, cause: Cause): Promise<void> {
  if (cause.retryable && of.attempt.attempt < MAX_ATTEMPTS) await ledger.attempts.retry(work, of, cause, 0);
  else await ledger.attempts.fail(work, of, cause, 1);
}

async function verify(apps: Apps, work: LeasedWork, world: World): Promise<Decision> {
  const { ledger } = apps;
  const of = await ledger.attempts.byJob(work.key);
  const end = of?.attempt.job_end;
  if (!of || !isLive(of) || !end) return drop(apps, work);
  const uri = of.attempt.image_uri;
  const verified = end.digest !== undefined && world.registry.get(uri) === end.digest;
  if (end.status === 'success' && verified) {
    const artifact = { kind: 'image' as const, uri, digest: end.digest! };
    return {
      what: `succeed ${artifact.digest}`,
      carryOut: async () => void (await ledger.attempts.succeed(work, of, artifact)),
    };
  }
  const cause =
    end.cause ?? causeOf(new SlipwayError('artifact_unverified', 'The registry holds another digest.'));
  return { what: `fail ${cause.code}`, carryOut: () => finish(ledger, work, of, cause) };
}

async function stop({ ledger }: Apps, work: LeasedWork): Promise<Decision> {
  return {
    what: 'stop',
    carryOut: async (world) => {
      world.jobs.delete(work.key);
      await ledger.attempts.gone(work, work.key, MAX_ATTEMPTS);
    },
  };
}

async function settle(apps: Apps, work: LeasedWork, world: World): Promise<Decision> {
  const { coalescing, preparation } = apps.ledger;
  const waiters = await coalescing.waiters(work.key);
  const names = waiters.map((waiter) => waiter.build_id).join(' ');
  const built = waiters.length > 0 ? await preparation.builtBefore(work.key) : undefined;
  const failed = work.payload['failed'];
  if (built && registryHolds(world, built.artifact.digest)) {
    return {
      what: `reuse ${built.build_id} ${names}`,
      carryOut: () => coalescing.reuse(work, waiters, built),
    };
  }
  if (built) await preparation.forgetArtifact(built);
  else if (typeof failed === 'string') {
    return {
      what: `share ${failed} ${names}`,
      carryOut: () => coalescing.shareFailure(work, waiters, failed),
    };
  }
  return drop(apps, work);
}

async function deploy(apps: Apps, work: LeasedWork): Promise<Decision> {
  const { deployments } = apps.ledger;
  const [tenant, parser] = work.key.split('/') as [string, string];
  const row = await deployments.read(tenant, parser);
  if (!row || row.applied_version >= row.wish_version) return drop(apps, work);
  const deleted = row.deleted_sequence > row.code_sequence;
  if (!deleted && !row.code_artifact) return drop(apps, work);
  const status = deleted ? ('deleted' as const) : ('ready' as const);
  return {
    what: `${status} ${row.wish_version}`,
    carryOut: () => deployments.applied(work, row, { status, correlationId: 'c' }),
  };
}

export const DUE_STEPS: Partial<Record<DueKind, DueStep>> = {
  prepare,
  launch,
  follow,
  verify,
  stop,
  settle,
  deploy,
};
