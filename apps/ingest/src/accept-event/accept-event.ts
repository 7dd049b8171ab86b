import {
  BuildCancelData,
  RebuildStartData,
  definitionOf,
  idsOf,
  shortTypeOf,
  validated,
  EVENT_EXCHANGE,
  QUEUES,
  isQueued,
  type CloudEvent,
  type EventNaming,
} from '@slipway/contracts';
import { SlipwayError, partitionKeyOf } from '@slipway/domain';
import type { Accepted, Arrival, BuildIntake, Ledger } from '@slipway/ledger';

/** Takes the commands of the outside world: validates them whole, records the wish, and says what was recorded. */
export class AcceptEvent {
  constructor(
    private readonly ledger: Ledger,
    private readonly intake: BuildIntake,
    private readonly naming: EventNaming,
  ) {}

  /** `build.start`. Fails with `invalid_event`, `runtime_unsupported` or `event_id_reused`. */
  start(event: CloudEvent, arrival: Arrival): Promise<Accepted> {
    return this.intake.start(event, arrival);
  }

  /** `rebuild.start`: the function's last start event again, under this event's id. Fails with `not_found`. */
  async rebuild(event: CloudEvent, arrival: Arrival): Promise<Accepted> {
    const ids = idsOf(event, this.naming);
    const wish = validated(RebuildStartData, event.data ?? {});
    const last = await this.ledger.builds.lastOfFunction(ids.tenant, ids.parser);
    if (!last)
      throw new SlipwayError('not_found', `The function ${ids.tenant}/${ids.parser} was never built.`);
    // Options that were set since then stay: only the code is built again.
    const { deploy: _deploy, correlation_id: _correlation, ...again } = last.request;
    const request = { ...again, force_rebuild: wish.force ?? false };
    return this.intake.record(event, arrival, { ids, request, source: last.source });
  }

  /** `build.cancel`. Fails with `unknown_build` or `build_terminal` where one build is named. */
  async cancel(event: CloudEvent, actor: string): Promise<string[]> {
    const wish = validated(BuildCancelData, event.data ?? {});
    const request = { actor, ...(wish.reason ? { reason: wish.reason } : {}) };
    if (wish.build_id === undefined) {
      const ids = idsOf(event, this.naming);
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
    const type = shortTypeOf(event.type, this.naming);
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
      idsOf(event, this.naming);
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

  /** A cancel that also names a function may only touch builds of that function. */
  private async assertOwn(event: CloudEvent, wish: BuildCancelData): Promise<void> {
    const named = event.source.startsWith(this.naming.sourcePrefix) || wish.third_party_id !== undefined;
    if (!named) return;
    const ids = idsOf(event, this.naming);
    const build = await this.ledger.builds.mustGet(wish.build_id!);
    if (build.tenant !== ids.tenant || build.parser !== ids.parser) {
      throw new SlipwayError(
        'unknown_build',
        `The function ${ids.tenant}/${ids.parser} has no build "${wish.build_id}".`,
      );
    }
  }
}
