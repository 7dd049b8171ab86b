import { causeOf, ContextStores, SlipwayError } from '@slipway/domain';
import type { BuildRow, LeasedWork } from '@slipway/ledger';
import { loadRuntimes, runtimesFolder } from '@slipway/runtimes';
import { Metrics } from '@slipway/service-kit';
import { packContext } from '@slipway/sources';
import { MemoryContextStore, MemoryImageRegistry, MemorySourceFetcher } from '@slipway/testing';
import { ContextMetrics } from '../src/prepare-context/context-metrics';
import { ContextPlanner } from '../src/prepare-context/planner';
import { PrepareContext } from '../src/prepare-context/prepare-context';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

const KEY = 'slipway-sources/global/parser/greet';
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
    metrics = new Metrics();
    prepare = new PrepareContext({
      ledger: given.ledger,
      sources,
      contexts: new ContextStores([contexts]),
      storing: { defaultStore: 'file', overflow: true },
      registry,
      planner: new ContextPlanner(loadRuntimes(runtimesFolder())),
      pack: packContext,
      metrics: new ContextMetrics(metrics),
      imageRepository: 'r/i',
      concurrency: 1,
      rates: {},
    });
  });
  afterEach(() => given.close());

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
    expect(text).toMatch(/build_context_s3_errors_total\{kind="source_denied"\} 1/);
    expect(text).toMatch(/build_context_size_bytes_count 1/);
    expect(text).toMatch(/build_context_creation_duration_seconds_count 2/);
  });
});
