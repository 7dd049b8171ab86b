import { causeOf, ContextStores, SlipwayError, type ContextStoreKind } from '@slipway/domain';
import type { BuildRow, LeasedWork } from '@slipway/ledger';
import { loadRuntimes, runtimesFolder } from '@slipway/runtimes';
import { Metrics } from '@slipway/service-kit';
import { packContext } from '@slipway/sources';
import { MemoryContextStore, MemoryImageRegistry, MemorySourceFetcher } from '@slipway/testing';
import { sql } from 'kysely';
import { LIMITS, succeeded } from '../../../libs/ledger/test/given';
import { ContextMetrics } from '../src/prepare-context/context-metrics';
import { ContextPlanner } from '../src/prepare-context/planner';
import { PrepareContext } from '../src/prepare-context/prepare-context';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

const KEY = 'slipway-sources/global/parser/greet';
const DIGEST = `sha256:${'d'.repeat(64)}`;
const CODE = { 'parser.js': 'module.exports = () => 1;\n' };

describe('preparing a context', () => {
  let given: TestLedger;
  let sources: MemorySourceFetcher;
  let contexts: MemoryContextStore;
  let registry: MemoryImageRegistry;
  let prepare: PrepareContext;
  let metrics: Metrics;
  let serial = 0;

  beforeEach(async () => {
    given = await testLedger();
    sources = new MemorySourceFetcher();
    contexts = new MemoryContextStore();
    registry = new MemoryImageRegistry();
    prepare = preparing([contexts, new MemoryContextStore('s3'), new MemoryContextStore('configmap', 10)]);
  });
  afterEach(() => given.close());

  function preparing(
    stores: readonly MemoryContextStore[],
    defaultStore: ContextStoreKind = 'file',
    pack = packContext,
  ): PrepareContext {
    return new PrepareContext({
      ledger: given.ledger,
      sources,
      contexts: new ContextStores(stores),
      storing: { defaultStore, overflow: true },
      registry,
      planner: new ContextPlanner(loadRuntimes(runtimesFolder())),
      pack,
      metrics: new ContextMetrics((metrics = new Metrics())),
      imageRepository: 'r/i',
      concurrency: 1,
      rates: {},
    });
  }

  async function accepted(request: BuildRow['request'] = {}): Promise<BuildRow> {
    serial += 1;
    const { build } = await given.ledger.acceptBuild({
      event: { id: `p-${serial}`, source: 's', type: 't', specversion: '1.0', extensions: {} },
      tenant: 'acme',
      parser: 'greet',
      request,
      source: { kind: 'object', bucket: 'slipway-sources', key: 'global/parser/greet' },
      platform: 'local',
      builder: 'host',
      lenient: false,
      correlationId: 'c',
      actor: 'spec',
    });
    return build;
  }

  async function prepared(request: BuildRow['request'] = {}): Promise<BuildRow> {
    const build = await accepted(request);
    const [work] = await given.ledger.due.claim('prepare', 1);
    await doWork(work!);
    return (await given.ledger.builds.get(build.build_id))!;
  }

  async function doWork(work: LeasedWork): Promise<void> {
    try {
      await prepare.run(work);
    } catch (error) {
      await prepare.exhausted(work, causeOf(error));
    }
  }

  it('stores a context and puts the build into the queue', async () => {
    sources.lay(KEY, CODE);
    const build = await prepared();
    expect(build).toMatchObject({ status: 'pending', phase: 'queued', runtime: 'nodejs24' });
    expect(contexts.keys).toEqual([`build-context/acme/greet/${build.identity}/context.tar.gz`]);
    expect(build.image_uri).toBe(`r/i:acme-greet-${build.identity!.slice(0, 12)}`);
  });

  it('gives a source that is stored under its id alone the name of its runtime', async () => {
    sources.lay(KEY, { greet: 'def main(context):\n    return 1\n' });
    expect(await prepared({ runtime: 'python' })).toMatchObject({ phase: 'queued' });
  });

  it('computes the same identity for the same source, and another one for another', async () => {
    sources.lay(KEY, CODE);
    const one = await prepared();
    const two = await prepared();
    sources.lay(KEY, { 'parser.js': 'module.exports = () => 2;\n' });
    const three = await prepared();
    expect(two.identity).toBe(one.identity);
    expect(three.identity).not.toBe(one.identity);
  });

  it('packs a content only where its store does not keep it', async () => {
    sources.lay(KEY, CODE);
    let packs = 0;
    prepare = preparing([contexts], 'file', (entries) => {
      packs += 1;
      return packContext(entries);
    });
    const one = await prepared();
    expect((await prepared()).context).toEqual(one.context);
    expect(packs).toBe(1);
    await contexts.remove(one.context!.key);
    expect((await prepared()).context).toEqual(one.context);
    expect(packs).toBe(2);
    expect(contexts.keys).toEqual([one.context!.key]);
  });

  describe('of content that was built before', () => {
    let first: BuildRow;
    beforeEach(async () => {
      sources.lay(KEY, CODE);
      first = await prepared();
      const [attempt] = await given.ledger.slots.claim(LIMITS);
      await succeeded(given.ledger, (await given.ledger.attempts.byJob(attempt!.job_name))!, DIGEST);
      registry.hold(first.image_uri!, DIGEST);
    });

    it('answers with what was built, under the name that it was built under', async () => {
      const again = await prepared();
      expect(again).toMatchObject({
        status: 'succeeded',
        reused: true,
        reused_from: first.build_id,
        identity: first.identity,
        image_uri: first.image_uri,
        artifact: { digest: DIGEST },
      });
    });

    it('builds a forced one all the same, under a name of its own', async () => {
      const forced = await prepared({ force_rebuild: true });
      expect(forced).toMatchObject({ phase: 'queued', reused: false, identity: first.identity });
      expect(forced.image_uri).not.toBe(first.image_uri);
    });

    it('builds anew what the registry has lost', async () => {
      registry.drop(DIGEST);
      expect(await prepared()).toMatchObject({ phase: 'queued', identity: first.identity });
    });

    it('asks a registry again that does not answer, before it builds', async () => {
      registry.away = true;
      const build = await accepted();
      const [work] = await given.ledger.due.claim('prepare', 1);
      for (const tries of [0, 1, 2])
        await expect(prepare.run({ ...work!, tries })).rejects.toMatchObject({ code: 'unavailable' });
      await prepare.run({ ...work!, tries: 3 });
      expect(await given.ledger.builds.get(build.build_id)).toMatchObject({ phase: 'queued' });
    });

    it('says the hash of the content in every event from then on', async () => {
      await prepared();
      const found = await sql<{ type: string; hash: string | null }>`select event ->> 'type' as type,
        event -> 'data' ->> 'content_hash' as hash from outbox order by id`.execute(
        given.ledger.database.kysely,
      );
      const known = found.rows.slice(found.rows.findIndex(({ type }) => type.endsWith('job.start')));
      const ofFirst = known.filter(({ type }) => !/\.(accepted|update)$/.test(type));
      expect(ofFirst.length).toBeGreaterThan(2);
      expect(new Set(ofFirst.map(({ hash }) => hash))).toEqual(new Set([first.identity]));
    });
  });

  it.each<[string, BuildRow['request'], object]>([
    ['the store that it asks for', { context_store: 's3' }, { store: 's3' }],
    ['the usual one', {}, { store: 'file' }],
    [
      'another where it is too large for the one asked for',
      { context_store: 'configmap', stop_after: 'context' },
      { store: 's3' },
    ],
  ])('stores the context in %s', async (_, request, expected) => {
    sources.lay(KEY, CODE);
    const build = await prepared(request);
    expect(build).toMatchObject({ cause: null, context: expected });
    const notes = (await given.ledger.builds.history(build.build_id)).map(({ detail }) =>
      JSON.stringify(detail),
    );
    const said = notes.some((note) => /takes at most 10.*stored in \\"s3\\" instead/.test(note));
    expect(said).toBe(request.context_store === 'configmap');
  });

  it('refuses a ConfigMap for a builder that cannot read it', async () => {
    sources.lay(KEY, CODE);
    expect(await prepared({ context_store: 'configmap' })).toMatchObject({
      cause: { code: 'context_store_unsupported', message: expect.stringContaining('"host"') as string },
    });
  });

  it('refuses a store that there is not, and fetches nothing for it', async () => {
    contexts = new MemoryContextStore('s3');
    prepare = preparing([contexts], 's3');
    sources.lay(KEY, CODE);
    expect(await prepared({ context_store: 'file' })).toMatchObject({
      status: 'failed',
      cause: { code: 'context_store_unsupported' },
    });
    expect(sources.asked).toEqual([]);
  });

  it('takes its reference before it writes, so that a killed writer leaves a record', async () => {
    sources.lay(KEY, CODE);
    contexts.put = async () => {
      throw new SlipwayError('unavailable', 'killed');
    };
    await accepted();
    const [work] = await given.ledger.due.claim('prepare', 1);
    await expect(prepare.run(work!)).rejects.toMatchObject({ code: 'unavailable' });
    const found = await sql`select state, tenant from stored_contexts`.execute(given.ledger.database.kysely);
    expect(found.rows).toEqual([{ state: 'writing', tenant: 'acme' }]);
  });

  it('ends with the context where nothing more is asked for', async () => {
    sources.lay(KEY, CODE);
    expect(await prepared({ stop_after: 'context' })).toMatchObject({ status: 'succeeded', artifact: null });
  });

  it.each<[string, SlipwayError]>([
    ['source_missing', new SlipwayError('source_missing', 'source file not found: x')],
    ['source_denied', new SlipwayError('source_denied', 'no')],
    ['source_too_large', new SlipwayError('source_too_large', 'big')],
  ])('ends a build with %s, its hint, and nothing stored', async (code, error) => {
    sources.fail(KEY, error);
    const build = await prepared();
    expect(build).toMatchObject({ status: 'failed', cause: { code, hint: expect.any(String) as string } });
    expect(contexts.keys).toEqual([]);
  });

  it('ends a build whose source cannot be packed with the cause, and nothing stored', async () => {
    sources.lay(KEY, CODE);
    prepare = preparing([contexts], 'file', () => Promise.reject(new Error('deflate failed')));
    const build = await prepared();
    expect(build).toMatchObject({
      status: 'failed',
      cause: { code: 'internal_error', message: 'deflate failed' },
    });
    expect(contexts.keys).toEqual([]);
  });

  it('does nothing for a build that was cancelled meanwhile', async () => {
    sources.lay(KEY, CODE);
    const build = await accepted();
    const [work] = await given.ledger.due.claim('prepare', 1);
    await given.ledger.cancelBuild(build.build_id, { actor: 'spec' });
    await expect(prepare.run(work!)).rejects.toMatchObject({ name: 'LeaseLost' });
    expect(contexts.keys).toEqual([]);
  });

  it('counts and times contexts under the names of the requirement document', async () => {
    sources.lay(KEY, CODE);
    await prepared();
    sources.fail(KEY, new SlipwayError('source_denied', 'no'));
    await prepared();
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/build_context_creation_total\{result="success"\} 1/);
    expect(text).toMatch(/build_context_creation_total\{result="failure"\} 1/);
    expect(text).toMatch(/build_context_size_bytes_count 1/);
    expect(text).toMatch(/build_context_creation_duration_seconds_count 2/);
  });
});
