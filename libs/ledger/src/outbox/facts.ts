import {
  DEFAULT_NAMING,
  EVENT_EXCHANGE,
  isQueued,
  type CloudEvent,
  type EventNaming,
} from '@slipway/contracts';
import { partitionKeyOf } from '@slipway/domain';
import type { BuildRow } from '../builds/build-row';

/** A message that shall be published, with what the broker needs to know about it. */
export interface OutgoingMessage {
  exchange: string;
  routingKey: string;
  /** All messages under one key go out in the order in which they were written. */
  partitionKey: string;
  /** A publish that reaches no queue is then a fault, and is tried again. */
  mandatory: boolean;
  event: CloudEvent;
}

export interface FactInput {
  type: string;
  id: string;
  tenant: string;
  parser: string;
  /** Path of the subject: `build/{tp}/{parser}`. */
  data: Record<string, unknown>;
  correlationId: string;
  causationId: string;
  traceparent?: string | null;
  time: Date;
}

/** Writes facts under the configured names. */
export class Facts {
  constructor(private readonly naming: EventNaming = DEFAULT_NAMING) {}

  message(input: FactInput): OutgoingMessage {
    const partitionKey = partitionKeyOf(input.tenant, input.parser);
    const type = `${this.naming.typePrefix}${input.type}`;
    return {
      exchange: EVENT_EXCHANGE,
      routingKey: type,
      partitionKey,
      mandatory: isQueued(input.type),
      event: {
        id: input.id,
        source: `${this.naming.sourcePrefix}builder`,
        type,
        specversion: '1.0',
        time: input.time.toISOString(),
        subject: `build/${input.tenant}/${input.parser}`,
        datacontenttype: 'application/json',
        extensions: {
          correlationid: input.correlationId,
          causationid: input.causationId,
          partitionkey: partitionKey,
          ...(input.traceparent ? { traceparent: input.traceparent } : {}),
        },
        data: input.data,
      },
    };
  }

  /** The fact that goes with a transition, with the content's hash from when it is known: one id for the end of a build, one per version for all else. */
  ofBuild(type: string, build: BuildRow, data: Record<string, unknown>, time: Date): OutgoingMessage {
    const ended = ['build.complete', 'build.failed', 'build.cancelled'].includes(type);
    return this.message({
      type,
      id: ended ? `${build.build_id}/end` : `${build.build_id}/${build.version}`,
      tenant: build.tenant,
      parser: build.parser,
      data: {
        build_id: build.build_id,
        third_party_id: build.tenant,
        parser_id: build.parser,
        version: build.version,
        correlation_id: build.correlation_id,
        ...(build.identity === null ? {} : { content_hash: build.identity }),
        ...data,
      },
      correlationId: build.correlation_id,
      causationId: build.causation_id,
      traceparent: build.traceparent,
      time,
    });
  }
}
