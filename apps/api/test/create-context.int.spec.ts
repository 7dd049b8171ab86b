import { DEFAULT_NAMING } from '@slipway/contracts';
import { SlipwayError, causeOf, type ContextReference } from '@slipway/domain';
import { Admission, BuildIntake, type BuildRow } from '@slipway/ledger';
import { claimed } from '../../../libs/ledger/test/given';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';
import { BuildEnds } from '../src/contexts/build-ends';
import { CreateContext, type ContextRequest, type CreatedContext } from '../src/contexts/create-context';

const BODY = { third_party_id: 'sre', parser_id: 'restart-pod', runtime: 'python', code: 'print(1)\n' };
const IDENTITY = 'a'.repeat(64);
const AT_ONCE = 0;
const LONG = 30_000;

describe('creating a context', () => {
  let given: TestLedger;
  let create: CreateContext;
  let ends: BuildEnds;
  let serial = 0;

  beforeEach(async () => {
    given = await testLedger();
    const admission = new Admission(async () => new Map(), { perTenant: 5, total: 5 });
    const intake = new BuildIntake(given.ledger, admission, {
      naming: DEFAULT_NAMING,
      platform: 'local',
      builder: 'host',
      sourceBucket: 'slipway-sources',
      isRuntimeName: (name) => name === 'python',
      runtimeNames: ['python'],
    });
    ends = new BuildEnds(given.ledger);
    const ids = { uuid: () => `id-${(serial += 1)}` };
    const { ledger } = given;
    create = new CreateContext({ ledger, intake, admission, ends, naming: DEFAULT_NAMING, ids });
  });
  afterEach(() => given.close());

  function asked(
    request: Partial<ContextRequest> = {},
    onAccepted: (id: string) => void = () => undefined,
  ): Promise<CreatedContext> {
    const defaults = { body: BODY, idempotencyKey: undefined, correlationId: 'c', waitMs: LONG };
    return create.execute({ ...defaults, ...request }, onAccepted);
  }

  /** Asks, and lets `end` bring the build to its end as another app would. */
  async function ended(end: (build: BuildRow) => Promise<unknown>): Promise<CreatedContext> {
    let known: (id: string) => void = () => undefined;
    const accepted = new Promise<string>((resolve) => (known = resolve));
    const created = asked({}, known);
    await end((await given.ledger.builds.get(await accepted))!);
    return created;
  }

  async function stored(build: BuildRow, context: ContextReference): Promise<void> {
    const work = await claimed(given.ledger, 'prepare', build.build_id);
    await given.ledger.preparation.begin(build.build_id);
    const prepared = { identity: IDENTITY, runtime: 'python3.13', context };
    await given.ledger.preparation.finishContext(work, build, prepared);
  }

  it.each<[ContextReference['store'], object]>([
    ['s3', { key: 'k' }],
    ['file', { key: 'k' }],
    ['configmap', { configmap_name: 'k' }],
  ])('answers with what was stored in %s once it is', async (store, place) => {
    const context = { store, key: 'k', size: 9, sha256: 'b'.repeat(64) };
    expect(await ended((build) => stored(build, context))).toMatchObject({
      done: true,
      context: {
        store,
        ...place,
        content_hash: IDENTITY,
        runtime: 'python3.13',
        size: 9,
        sha256: 'b'.repeat(64),
      },
    });
  });

  it('asks for the context alone, in the name of the function', async () => {
    const created = await asked({ waitMs: AT_ONCE });
    if (created.done) throw new Error('nobody has stored anything');
    expect(await given.ledger.builds.get(created.accepted.build_id)).toMatchObject({
      stop_after: 'context',
      tenant: 'sre',
      parser: 'restart-pod',
      event_source: 'network.notifi.sre',
      source: { kind: 'inline' },
    });
  });

  it('leaves a build that takes longer to the caller', async () => {
    expect(await asked({ waitMs: 150 })).toMatchObject({ done: false, accepted: { status: 'pending' } });
  });

  it('fails as the build does', async () => {
    const cause = causeOf(new SlipwayError('source_missing', 'source file not found: x'));
    const refused = ended(async (build) => {
      const work = await claimed(given.ledger, 'prepare', build.build_id);
      await given.ledger.preparation.refuse(work, build.build_id, cause);
    });
    await expect(refused).rejects.toMatchObject({ code: 'source_missing', message: cause.message });
  });

  it('says that it was cancelled', async () => {
    const cancelled = ended((build) => given.ledger.cancelBuild(build.build_id, { actor: 'spec' }));
    await expect(cancelled).rejects.toMatchObject({ code: 'build_terminal' });
  });

  it('finds the same build under the same key, and refuses it for another body', async () => {
    const request = { idempotencyKey: 'once', waitMs: AT_ONCE };
    const [first, second] = [await asked(request), await asked(request)];
    expect([first, second]).toMatchObject([
      { accepted: { duplicate: false } },
      { accepted: { duplicate: true } },
    ]);
    const other = asked({ ...request, body: { ...BODY, code: 'print(2)\n' } });
    await expect(other).rejects.toMatchObject({ code: 'event_id_reused' });
  });

  it('begins anew under the same key where the first try failed for a cause that may pass', async () => {
    const key = { idempotencyKey: 'once' };
    const first = await asked({ ...key, waitMs: AT_ONCE });
    if (first.done) throw new Error('nobody has stored anything');
    const work = await claimed(given.ledger, 'prepare', first.accepted.build_id);
    const cause = causeOf(new SlipwayError('source_timeout', 'too slow'));
    await given.ledger.preparation.refuse(work, first.accepted.build_id, cause);
    const again = await asked({ ...key, waitMs: AT_ONCE });
    expect(again).toMatchObject({ done: false, accepted: { duplicate: false } });
    expect(await asked({ ...key, waitMs: AT_ONCE })).toMatchObject({ accepted: { duplicate: true } });
  });

  it('begins anew under the same key where the context was swept, and counts as a use of it before', async () => {
    const context = { store: 's3' as const, key: 'k', size: 9, sha256: 'b'.repeat(64) };
    const key = { idempotencyKey: 'once' };
    const first = await asked({ ...key, waitMs: AT_ONCE });
    if (first.done) throw new Error('nobody has stored anything');
    const build = (await given.ledger.builds.get(first.accepted.build_id))!;
    await given.ledger.contexts.refer(build, IDENTITY, context);
    await stored(build, context);
    expect(await asked(key)).toMatchObject({ done: true, buildId: build.build_id });
    await given.ledger.contexts.mark('s3', 'k', { days: -1, byTenant: {} });
    await given.ledger.contexts.forget('s3', 'k');
    expect(await asked({ ...key, waitMs: AT_ONCE })).toMatchObject({ accepted: { duplicate: false } });
  });

  it('tells those who wait to ask later when it stops', async () => {
    const waiting = asked();
    await new Promise(setImmediate);
    setTimeout(() => void ends.stop(), 200);
    expect(await waiting).toMatchObject({ done: false });
    expect(await asked()).toMatchObject({ done: false });
  });

  it.each<[object, string]>([
    [{ stop_after: 'service' }, '/data/stop_after'],
    [{ third_party_id: undefined }, '/data/third_party_id'],
    [{ parser_id: 'a b' }, '/data/parser_id'],
    [{ parser_id: 7 }, '/data/parser_id'],
    [{ runtime: 'cobol' }, '/data/runtime'],
    [{ context_store: 'tape' }, '/data/context_store'],
  ])('refuses %j', async (fields, pointer) => {
    await expect(asked({ body: { ...BODY, ...fields } })).rejects.toMatchObject({
      problems: [expect.objectContaining({ pointer })],
    });
  });
});
