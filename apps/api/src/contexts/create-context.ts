import type { AcceptedAnswer, CloudEvent, ContextAnswer, EventNaming } from '@slipway/contracts';
import { SlipwayError, type Ids } from '@slipway/domain';
import { answerOf, type Admission, type BuildIntake, type BuildRow } from '@slipway/ledger';
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

/** Stores the context of a source and nothing more: a build that stops after it, awaited. */
export class CreateContext {
  constructor(
    private readonly intake: BuildIntake,
    private readonly admission: Admission,
    private readonly ends: BuildEnds,
    private readonly naming: EventNaming,
    private readonly ids: Ids,
  ) {}

  /**
   * Fails with `invalid_event`, `runtime_unsupported`, `event_id_reused` or `queue_full`, and with the code of the cause
   * where the context could not be made. `onAccepted` hears of the build as soon as there is one.
   */
  async execute(request: ContextRequest, onAccepted: (buildId: string) => void): Promise<CreatedContext> {
    const event = this.eventOf(request);
    const arrival = { actor: 'api', correlationId: request.correlationId, redelivered: false };
    const accepted = await this.admission.ofRequest(textIn(request.body, 'third_party_id'), () =>
      this.intake.start(event, arrival),
    );
    onAccepted(accepted.build.build_id);
    const ended = await this.ends.wait(accepted.build.build_id, request.waitMs);
    if (!ended) return { done: false, accepted: answerOf(accepted) };
    return { done: true, buildId: ended.build_id, context: contextOf(ended) };
  }

  private eventOf({ body, idempotencyKey }: ContextRequest): CloudEvent {
    const { stop_after: stopAfter = 'context' } = body;
    if (stopAfter !== 'context') {
      const detail = 'must be left out: only the context is stored here';
      throw new SlipwayError('invalid_event', `/data/stop_after ${detail}.`, {
        problems: [{ pointer: '/data/stop_after', detail }],
      });
    }
    const [tenant, parser] = [textIn(body, 'third_party_id'), textIn(body, 'parser_id')];
    return {
      id: idempotencyKey ?? this.ids.uuid(),
      // Without both ids the source is nobody's, and the validation of the data says what is missing.
      ...(tenant && parser
        ? { source: this.naming.sourcePrefix + tenant, subject: parser }
        : { source: 'api' }),
      type: `${this.naming.typePrefix}build.start`,
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
