import type { AcceptedAnswer, CloudEvent, ContextAnswer, EventNaming } from '@slipway/contracts';
import { SlipwayError, type Ids } from '@slipway/domain';
import {
  answerOf,
  type Accepted,
  type Admission,
  type BuildIntake,
  type BuildRow,
  type Ledger,
} from '@slipway/ledger';
import type { BuildEnds } from './build-ends';

export interface ContextRequest {
  /** The data of a start event, as it came. */
  body: Readonly<Record<string, unknown>>;
  /** The caller's own name for this request: sent again it finds the same build. */
  idempotencyKey: string | undefined;
  correlationId: string;
  /** How long the caller waits, in milliseconds. */
  waitMs: number;
}

/** The context where it was stored in time, else the build to ask for later. */
export type CreatedContext =
  { done: true; buildId: string; context: ContextAnswer } | { done: false; accepted: AcceptedAnswer };

export interface CreateContextPorts {
  ledger: Pick<Ledger, 'contexts'>;
  intake: BuildIntake;
  admission: Admission;
  ends: BuildEnds;
  naming: EventNaming;
  ids: Ids;
}

/** Builds that one key may name, one after the other. */
const MAX_ROUNDS = 100;

/** Stores the context of a source and nothing more: a build that stops after it, awaited. */
export class CreateContext {
  constructor(private readonly ports: CreateContextPorts) {}

  /**
   * Fails with `invalid_event`, `runtime_unsupported`, `event_id_reused` or `queue_full`, and with the code of the cause
   * where the context could not be made. `onAccepted` hears of the build as soon as there is one.
   */
  async execute(request: ContextRequest, onAccepted: (buildId: string) => void): Promise<CreatedContext> {
    const tenant = textIn(request.body, 'third_party_id');
    const accepted = await this.ports.admission.ofRequest(tenant, () => this.accepted(request));
    onAccepted(accepted.build.build_id);
    const ended = await this.ports.ends.wait(accepted.build.build_id, request.waitMs);
    if (!ended) return { done: false, accepted: answerOf(accepted) };
    return { done: true, buildId: ended.build_id, context: contextOf(ended) };
  }

  /** The build of this request: that of an earlier one with the same key, unless its answer is of no use any more. */
  private async accepted(request: ContextRequest): Promise<Accepted> {
    const arrival = { actor: 'api', correlationId: request.correlationId, redelivered: false };
    const key = request.idempotencyKey;
    for (let round = 1; ; round += 1) {
      const id = key === undefined ? this.ports.ids.uuid() : round === 1 ? key : `${key}/${round}`;
      const accepted = await this.ports.intake.start(this.eventOf(request.body, id), arrival);
      if (!accepted.duplicate || round === MAX_ROUNDS || !(await this.isSpent(accepted.build)))
        return accepted;
    }
  }

  /** A failure that may not come again, or a context that has been swept since. One that is there counts as used. */
  private async isSpent({ status, cause, context }: BuildRow): Promise<boolean> {
    if (status === 'failed') return cause?.retryable ?? false;
    return context !== null && !(await this.ports.ledger.contexts.renew(context));
  }

  private eventOf(body: ContextRequest['body'], id: string): CloudEvent {
    const { stop_after: stopAfter = 'context' } = body;
    if (stopAfter !== 'context') {
      const detail = 'must be left out: only the context is stored here';
      throw new SlipwayError('invalid_event', `/data/stop_after ${detail}.`, {
        problems: [{ pointer: '/data/stop_after', detail }],
      });
    }
    const [tenant, parser] = [textIn(body, 'third_party_id'), textIn(body, 'parser_id')];
    return {
      id,
      // Without both ids the source is nobody's, and the validation of the data says what is missing.
      ...(tenant && parser
        ? { source: this.ports.naming.sourcePrefix + tenant, subject: parser }
        : { source: 'api' }),
      type: `${this.ports.naming.typePrefix}build.start`,
      specversion: '1.0',
      datacontenttype: 'application/json',
      data: { ...body, stop_after: 'context' },
      extensions: {},
    };
  }
}

/** What is no text is left to the validation of the data, which names it. */
function textIn(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

function contextOf(build: BuildRow): ContextAnswer {
  if (build.cause) throw new SlipwayError(build.cause.code, build.cause.message, { hint: build.cause.hint });
  if (!build.context) throw new SlipwayError('build_terminal', `The build ${build.build_id} was cancelled.`);
  const { store, key, size, sha256 } = build.context;
  return {
    store,
    ...(store === 'configmap' ? { configmap_name: key } : { key }),
    content_hash: build.identity!,
    runtime: build.runtime!,
    size,
    sha256,
  };
}
