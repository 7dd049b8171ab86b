import type { CloudEvent } from '@slipway/contracts';
import type { Ledger, AcceptRequest, AttemptOfBuild, BuildRow, LeasedWork, DueKind } from '../src';

let serial = 0;

export function startEvent(overrides: Partial<CloudEvent> = {}): CloudEvent {
  serial += 1;
  return {
    id: `event-${serial}`,
    source: 'network.notifi.acme',
    type: 'network.notifi.lambda.build.start',
    specversion: '1.0',
    subject: 'greet',
    extensions: {},
    data: {},
    ...overrides,
  };
}

export function acceptRequest(overrides: Partial<AcceptRequest> = {}): AcceptRequest {
  return {
    event: startEvent(),
    tenant: 'acme',
    parser: 'greet',
    request: {},
    source: { kind: 'inline', files: { 'parser.js': '1' } },
    platform: 'local',
    builder: 'host',
    lenient: false,
    correlationId: 'corr-1',
    actor: 'test',
    ...overrides,
  };
}

/** Claims the one piece of work of this kind and key, whatever else is due. */
export async function claimed(ledger: Ledger, kind: DueKind, key: string): Promise<LeasedWork> {
  const work = (await ledger.due.claim(kind, 1000)).find((item) => item.key === key);
  if (!work) throw new Error(`no due work ${kind} ${key}`);
  return work;
}

const CONTEXT = { store: 'file' as const, key: 'k', size: 1, sha256: 'a'.repeat(64) };
const DIGEST = `sha256:${'d'.repeat(64)}`;

/** A build that waits for a slot. */
export async function queuedBuild(
  ledger: Ledger,
  identity: string,
  overrides: Partial<AcceptRequest> = {},
): Promise<BuildRow> {
  const { build } = await ledger.acceptBuild(acceptRequest(overrides));
  const work = await claimed(ledger, 'prepare', build.build_id);
  await ledger.contexts.refer(build, identity, CONTEXT);
  const queued = await ledger.preparation.queue(work, build, {
    identity,
    runtime: 'nodejs24',
    context: CONTEXT,
    imageUri: 'r/i:t',
  });
  return queued!;
}

export const LIMITS = { platform: 'local', total: 10, perTenant: 10, imageRepository: 'r/i' };

/** A build whose Job runs. */
export async function runningBuild(
  ledger: Ledger,
  identity: string,
  overrides: Partial<AcceptRequest> = {},
): Promise<AttemptOfBuild> {
  const queued = await queuedBuild(ledger, identity, overrides);
  const attempt = (await ledger.slots.claim(LIMITS)).find((claim) => claim.build_id === queued.build_id);
  if (!attempt) throw new Error('no slot was claimed');
  const of = (await ledger.attempts.byJob(attempt.job_name))!;
  await ledger.attempts.launched(
    await claimed(ledger, 'launch', attempt.job_name),
    of,
    `uid-${attempt.job_name}`,
  );
  return (await ledger.attempts.byJob(attempt.job_name))!;
}

/** Ends a running build with a digest. */
export async function succeeded(
  ledger: Ledger,
  of: AttemptOfBuild,
  digest = DIGEST,
): Promise<BuildRow | undefined> {
  await ledger.attempts.endSeen(of.attempt, { status: 'success', digest });
  const work = await claimed(ledger, 'verify', of.attempt.job_name);
  return ledger.attempts.succeed(work, of, { kind: 'image', uri: of.attempt.image_uri, digest });
}
