import {
  BuildCancelData,
  BuildStartData,
  RebuildStartData,
  definitionOf,
  idsOf,
  shortTypeOf,
  validated,
  EVENT_EXCHANGE,
  QUEUES,
  isQueued,
  type AcceptedAnswer,
  type CloudEvent,
  type EventNaming,
  type LenientMark,
} from '@slipway/contracts';
import { SlipwayError, partitionKeyOf, type FunctionIds, type SourceSpec } from '@slipway/domain';
import type { Accepted, Ledger } from '@slipway/ledger';
import type { Admission } from './admission';
import { sourceOf } from './source-of';

export interface AcceptEventOptions {
  naming: EventNaming;
  platform: string;
  builder: string;
  sourceBucket: string;
  isRuntimeName: (name: string) => boolean;
  runtimeNames: readonly string[];
}

/** How the event came, as far as it matters for what becomes of it. */
export interface Arrival {
  actor: string;
  correlationId?: string;
  lenient?: LenientMark;
  redelivered: boolean;
}

/** Takes the commands of the outside world: validates them whole, records the wish, and says what was recorded. */
export class AcceptEvent {
  constructor(
    private readonly ledger: Ledger,
    private readonly admission: Admission,
    private readonly options: AcceptEventOptions,
  ) {}

  /** `build.start`. Fails with `invalid_event`, `runtime_unsupported` or `event_id_reused`. */
  async start(event: CloudEvent, arrival: Arrival): Promise<Accepted> {
    const ids = idsOf(event, this.options.naming);
    const request = withoutNulls(validated(BuildStartData, event.data ?? {}));
    this.assertRuntime(request.runtime);
    const source = sourceOf(request, { bucket: this.options.sourceBucket, ...ids });
    return this.record(event, arrival, { ids, request, source });
  }

  /** `rebuild.start`: the function's last start event again, under this event's id. Fails with `not_found`. */
  async rebuild(event: CloudEvent, arrival: Arrival): Promise<Accepted> {
    const ids = idsOf(event, this.options.naming);
    const wish = validated(RebuildStartData, event.data ?? {});
    const last = await this.ledger.builds.lastOfFunction(ids.tenant, ids.parser);
    if (!last)
      throw new SlipwayError('not_found', `The function ${ids.tenant}/${ids.parser} was never built.`);
    // Options that were set since then stay: only the code is built again.
    const { deploy: _deploy, correlation_id: _correlation, ...again } = last.request;
    const request = { ...again, force_rebuild: wish.force ?? false };
    return this.record(event, arrival, { ids, request, source: last.source });
  }

  /** `build.cancel`. Fails with `unknown_build` or `build_terminal` where one build is named. */
  async cancel(event: CloudEvent, actor: string): Promise<string[]> {
    const wish = validated(BuildCancelData, event.data ?? {});
    const request = { actor, ...(wish.reason ? { reason: wish.reason } : {}) };
    if (wish.build_id === undefined) {
      const ids = idsOf(event, this.options.naming);
      const inbox = {
        queue: QUEUES.buildCancels.name,
        tenant: ids.tenant,
        source: event.source,
        id: event.id,
      };
      const builds = await this.ledger.cancelFunctionBuilds(inbox, ids, request);
      return builds.map((build) => build.build_id);
    }
    await this.assertOwn(event, wish);
    return [(await this.ledger.cancelBuild(wish.build_id, request)).build_id];
  }

  /** Anything else that is known goes through the outbox as it is. Fails with `unknown_event_type`. */
  async forward(event: CloudEvent): Promise<void> {
    const type = shortTypeOf(event.type, this.options.naming);
    const definition = type === undefined ? undefined : definitionOf(type);
    if (!type || !definition)
      throw new SlipwayError('unknown_event_type', `The event type "${event.type}" is not known.`);
    if (definition.kind === 'fact' && !type.startsWith('parser.')) {
      throw new SlipwayError(
        'unknown_event_type',
        `"${event.type}" is a fact that only Slipway itself may state.`,
      );
    }
    if (!type.startsWith('parser.')) {
      validated(definition.data, event.data ?? {});
      idsOf(event, this.options.naming);
    }
    const key = event.extensions['partitionkey'] ?? partitionKeyOf(event.source, event.subject ?? '');
    await this.ledger.publish([
      {
        exchange: EVENT_EXCHANGE,
        routingKey: event.type,
        partitionKey: key,
        mandatory: isQueued(type),
        event,
      },
    ]);
  }

  private async record(
    event: CloudEvent,
    arrival: Arrival,
    wish: { ids: FunctionIds; request: BuildStartData; source: SourceSpec },
  ): Promise<Accepted> {
    const { ids, request, source } = wish;
    const accepted = await this.ledger.acceptBuild({
      event: await this.withId(event, ids, arrival),
      ...ids,
      request,
      source,
      platform: this.options.platform,
      builder: this.options.builder,
      lenient: arrival.lenient !== undefined,
      correlationId: this.correlationOf(event, request, arrival),
      actor: arrival.actor,
    });
    if (!accepted.duplicate) this.admission.taken(ids.tenant);
    return accepted;
  }

  private assertRuntime(name: string | undefined): void {
    if (name === undefined || this.options.isRuntimeName(name)) return;
    throw new SlipwayError('runtime_unsupported', `The runtime "${name}" is not known.`, {
      problems: [
        { pointer: '/data/runtime', detail: `must be one of ${this.options.runtimeNames.join(', ')}` },
      ],
    });
  }

  /** A cancel that also names a function may only touch builds of that function. */
  private async assertOwn(event: CloudEvent, wish: BuildCancelData): Promise<void> {
    const named =
      event.source.startsWith(this.options.naming.sourcePrefix) || wish.third_party_id !== undefined;
    if (!named) return;
    const ids = idsOf(event, this.options.naming);
    const build = await this.ledger.builds.mustGet(wish.build_id!);
    if (build.tenant !== ids.tenant || build.parser !== ids.parser) {
      throw new SlipwayError(
        'unknown_build',
        `The function ${ids.tenant}/${ids.parser} has no build "${wish.build_id}".`,
      );
    }
  }

  /** Gives an event without an id the one that its bytes deserve (wire §1, lenient mode). */
  private async withId(event: CloudEvent, ids: FunctionIds, arrival: Arrival): Promise<CloudEvent> {
    const prefix = arrival.lenient?.idPrefix;
    if (prefix === undefined) return event;
    const { redelivered } = arrival;
    const n = await this.ledger.builds.nextLenient(ids.tenant, event.source, prefix, redelivered);
    return { ...event, id: `${prefix}${n}` };
  }

  private correlationOf(event: CloudEvent, request: BuildStartData, arrival: Arrival): string {
    // An empty one tells nothing apart.
    return event.extensions['correlationid'] || request.correlation_id || arrival.correlationId || event.id;
  }
}

/** At the top of a request null means the same as leaving the field out. */
function withoutNulls(request: BuildStartData): BuildStartData {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null)) as BuildStartData;
}

export function answerOf({ build, duplicate }: Accepted): AcceptedAnswer {
  return { build_id: build.build_id, status: build.status, duplicate, correlation_id: build.correlation_id };
}
