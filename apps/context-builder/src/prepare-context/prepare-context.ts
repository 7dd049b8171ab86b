import {
  SlipwayError,
  digestReferenceOf,
  identityOf,
  imageUriOf,
  reach,
  type Cause,
  type ContextEntry,
  type ContextReference,
  type ContextStore,
  type ContextStoreKind,
  type ContextStores,
  type ImageRegistry,
  type SourceFetcher,
} from '@slipway/domain';
import type {
  Again,
  BuildRow,
  BuiltArtifact,
  DueStep,
  Ledger,
  LeasedWork,
  RateLimits,
} from '@slipway/ledger';
import { inSpan } from '@slipway/service-kit';
import type { ContextMetrics } from './context-metrics';
import { namedSource } from './named-source';
import type { ContextPlanner, PlannedContext } from './planner';

interface PackedContext {
  archive: Buffer;
  sha256: string;
  size: number;
}

export interface PrepareContextPorts {
  ledger: Ledger;
  sources: SourceFetcher;
  contexts: ContextStores;
  /** Where a context goes whose build names no store, and whether one that is too large for its store may go to another. */
  storing: { defaultStore: ContextStoreKind; overflow: boolean };
  registry: ImageRegistry;
  planner: ContextPlanner;
  pack: (entries: readonly ContextEntry[]) => Promise<PackedContext>;
  metrics: ContextMetrics;
  imageRepository: string;
  concurrency: number;
  rates: RateLimits;
}

const MAX_TRIES = 8;
const REGISTRY_TRIES = 3;

interface Content extends PlannedContext {
  identity: string;
}

/**
 * Due work `prepare`: fetches the source, computes its identity, and either answers with what was built from it before or
 * stores a context and puts the build into the queue.
 */
export class PrepareContext implements DueStep {
  readonly kind = 'prepare';
  readonly maxTries = MAX_TRIES;
  readonly concurrency: number;
  readonly rates: RateLimits;

  constructor(private readonly ports: PrepareContextPorts) {
    this.concurrency = ports.concurrency;
    this.rates = ports.rates;
  }

  async run(work: LeasedWork): Promise<Again | void> {
    const build = await this.ports.ledger.preparation.begin(work.key);
    if (!build) return this.ports.ledger.due.close(work, async () => undefined);
    await inSpan('prepare context', build.traceparent, { 'slipway.platform': build.platform }, () =>
      this.ports.metrics.creation(() => this.prepare(work, build)),
    );
  }

  private async prepare(work: LeasedWork, build: BuildRow): Promise<void> {
    // Before anything is fetched for a store that cannot be used.
    const { kind } = this.ports.contexts.of(build.request.context_store ?? this.ports.storing.defaultStore);
    assertReadable(kind, build);
    const content = await this.contentOf(build);
    const built = await this.builtBefore(build, content, work.tries);
    if (built) {
      await this.ports.ledger.preparation.reuse(work, build, built, content.runtimeName);
      return;
    }
    const context = await this.store(build, content);
    if (build.stop_after === 'context') {
      const prepared = { identity: content.identity, runtime: content.runtimeName, context };
      await this.ports.ledger.preparation.finishContext(work, build, prepared);
      return;
    }
    const imageUri = imageUriOf({
      repository: this.ports.imageRepository,
      tenant: build.tenant,
      parser: build.parser,
      identity: content.identity,
      ...(build.forced ? { unique: { buildId: build.build_id, attempt: 1 } } : {}),
    });
    const prepared = { identity: content.identity, runtime: content.runtimeName, context, imageUri };
    await this.ports.ledger.preparation.queue(work, build, prepared);
  }

  private async contentOf(build: BuildRow): Promise<Content> {
    const fetched = await this.ports.metrics.step('download', () => this.ports.sources.fetch(build.source));
    const named = namedSource(build, fetched.entries, this.ports.planner);
    const planned = this.ports.planner.plan(named, build.request.runtime, build.request.entrypoint);
    await this.ports.ledger.preparation.note(build, [...fetched.notes, ...planned.notes]);
    const identity = await this.ports.metrics.step('hash', async () =>
      identityOf({
        tenant: build.tenant,
        platform: build.platform,
        builder: build.builder,
        baseImage: planned.baseImage,
        buildArguments: planned.buildArguments,
        entrypoint: build.request.entrypoint,
        entries: planned.entries,
      }),
    );
    return { ...planned, identity };
  }

  /** What answers this build without building: nothing where it is forced, or where the registry lost the artifact. */
  private async builtBefore(
    build: BuildRow,
    content: Content,
    tries: number,
  ): Promise<BuiltArtifact | undefined> {
    if (build.forced || build.stop_after === 'context') return undefined;
    const built = await this.ports.ledger.preparation.builtBefore(content.identity);
    if (!built) return undefined;
    try {
      const held = await this.ports.registry.digestOf(
        digestReferenceOf(built.image_uri, built.artifact.digest),
      );
      if (held === built.artifact.digest) return built;
    } catch (error) {
      // A registry that cannot be asked is not one that says "absent": ask again before building.
      if (tries < REGISTRY_TRIES) throw error;
    }
    await this.ports.ledger.preparation.forgetArtifact(built);
    return undefined;
  }

  private async store(build: BuildRow, content: Content): Promise<ContextReference> {
    const { metrics, ledger, contexts, storing } = this.ports;
    const wanted = contexts.of(build.request.context_store ?? storing.defaultStore);
    const before = await this.referTo(wanted, build, content.identity);
    const name = { ...build, identity: content.identity };
    if (before && (await wanted.renew(name, before))) return before;
    const packed = await metrics.step('pack', () => this.ports.pack(content.entries));
    metrics.size(packed.size);
    const { store, note } = contexts.forSize(wanted.kind, packed.size, storing.overflow);
    if (note !== undefined) await ledger.preparation.note(build, [note]);
    if (store !== wanted) await this.referTo(store, build, content.identity);
    reach('context.after-reference-before-put');
    const stored = await metrics.step('upload', () => store.put(name, packed.archive));
    reach('context.after-put-before-queue');
    return stored;
  }

  /** Takes the build's reference on the context in a store, and returns what was stored there before. */
  private referTo(
    store: ContextStore,
    build: BuildRow,
    identity: string,
  ): Promise<ContextReference | undefined> {
    const place = { store: store.kind, key: store.keyOf({ ...build, identity }) };
    return this.ports.ledger.contexts.refer(build, identity, place);
  }

  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    await this.ports.ledger.preparation.refuse(work, work.key, cause);
  }
}

/** The builders of the local platform are processes beside us, and read no ConfigMap. */
function assertReadable(store: ContextStoreKind, build: BuildRow): void {
  if (store !== 'configmap' || build.platform !== 'local' || build.stop_after === 'context') return;
  throw new SlipwayError(
    'context_store_unsupported',
    `The builder "${build.builder}" cannot read a context from a ConfigMap; only a context alone can be stored there.`,
  );
}
