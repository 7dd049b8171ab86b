import {
  BuildStartData,
  idsOf,
  validated,
  type AcceptedAnswer,
  type CloudEvent,
  type EventNaming,
  type LenientMark,
} from '@slipway/contracts';
import { SlipwayError, type FunctionIds, type SourceSpec } from '@slipway/domain';
import type { Accepted, AcceptRequest } from '../builds/accept-build';
import type { BuildQueries } from '../queries/build-queries';
import type { Admission } from './admission';
import { sourceOf } from './source-of';

export interface IntakeOptions {
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

/** What intake uses of the ledger. */
export interface IntakeLedger {
  readonly builds: Pick<BuildQueries, 'nextLenient'>;
  acceptBuild(request: AcceptRequest): Promise<Accepted>;
}

/** How a start event becomes a build, whichever door it came through: validated whole, then recorded. */
export class BuildIntake {
  constructor(
    private readonly ledger: IntakeLedger,
    private readonly admission: Admission,
    private readonly options: IntakeOptions,
  ) {}

  /** `build.start`. Fails with `invalid_event`, `runtime_unsupported` or `event_id_reused`. */
  async start(event: CloudEvent, arrival: Arrival): Promise<Accepted> {
    const ids = idsOf(event, this.options.naming);
    const request = withoutNulls(validated(BuildStartData, event.data ?? {}));
    this.assertRuntime(request.runtime);
    const source = sourceOf(request, { bucket: this.options.sourceBucket, ...ids });
    return this.record(event, arrival, { ids, request, source });
  }

  /** Records a build of a request that is valid. */
  async record(
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
