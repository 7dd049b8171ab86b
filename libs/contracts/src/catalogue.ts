import type { EventDefinition } from './define-event';
import {
  buildAccepted,
  buildCancelled,
  buildComplete,
  buildFailed,
  buildTimeout,
  jobStart,
  statusUpdate,
} from './events/build-facts.v1';
import { buildStart } from './events/build-start.v1';
import { buildCancel, rebuildStart, serviceDelete, serviceUpdate } from './events/commands.v1';
import { parserComplete, parserFailed, parserStart } from './events/parser.v1';
import { serviceDeleted, serviceFailed, serviceReady } from './events/service-facts.v1';

/** Every event that crosses a process boundary. */
export const EVENTS: readonly EventDefinition[] = [
  buildStart,
  rebuildStart,
  buildCancel,
  buildAccepted,
  jobStart,
  statusUpdate,
  buildComplete,
  buildFailed,
  buildTimeout,
  buildCancelled,
  serviceUpdate,
  serviceDelete,
  serviceReady,
  serviceFailed,
  serviceDeleted,
  parserStart,
  parserComplete,
  parserFailed,
];

/** Topic exchange of everything public; the routing key is the event's type. */
export const EVENT_EXCHANGE = 'cloud-events';
/** Direct exchange of the sidecars' claims: the only one that their broker user may write. */
export const REPORT_EXCHANGE = 'build-reports';

export interface QueueDefinition {
  name: string;
  exchange: typeof EVENT_EXCHANGE | typeof REPORT_EXCHANGE;
  /** Short types that are bound to it. On `build-reports` the routing key is the queue's own name. */
  types: readonly string[];
  /** Short types that its consumer takes, where these are not the bound ones. */
  takes?: readonly string[] | 'any';
  consumer: string;
  /** Bytes that one message may have; absent means as many as a request over HTTP. */
  maxBytes?: number;
}

/** Bytes of a command, the same over RabbitMQ as over HTTP (wire §1). */
export const MAX_COMMAND_BYTES = 1024 * 1024;

export const QUEUES = {
  buildEvents: {
    name: 'lambda-build-events',
    exchange: EVENT_EXCHANGE,
    types: [buildStart.type, rebuildStart.type],
    consumer: 'ingest',
    maxBytes: MAX_COMMAND_BYTES,
  },
  buildCancels: {
    name: 'lambda-build-cancels',
    exchange: EVENT_EXCHANGE,
    types: [buildCancel.type],
    consumer: 'ingest',
    maxBytes: MAX_COMMAND_BYTES,
  },
  buildContexts: {
    name: 'build-contexts',
    exchange: EVENT_EXCHANGE,
    types: [buildAccepted.type],
    consumer: 'context-builder',
  },
  jobs: {
    name: 'kaniko-jobs',
    exchange: EVENT_EXCHANGE,
    types: [jobStart.type, buildCancelled.type],
    consumer: 'job-launcher',
  },
  buildReports: {
    name: 'build-reports',
    exchange: REPORT_EXCHANGE,
    types: [],
    takes: [buildComplete.type, buildFailed.type, buildTimeout.type],
    consumer: 'job-launcher',
  },
  serviceEvents: {
    name: 'lambda-service-events',
    exchange: EVENT_EXCHANGE,
    types: [buildComplete.type, serviceUpdate.type, serviceDelete.type],
    consumer: 'service-deployer',
    maxBytes: MAX_COMMAND_BYTES,
  },
  functionEvents: {
    name: 'function-events',
    exchange: EVENT_EXCHANGE,
    types: [parserStart.type],
    // Functions ask for types of their own, which whoever publishes them binds.
    takes: 'any',
    consumer: 'gateway',
  },
  parserResults: {
    name: 'parser-results',
    exchange: EVENT_EXCHANGE,
    types: [parserComplete.type, parserFailed.type],
    consumer: 'api',
  },
} as const satisfies Record<string, QueueDefinition>;

/** Whether some queue waits for events of this type, so that a publish that reaches none of them is a fault. */
export function isQueued(shortType: string): boolean {
  return Object.values(QUEUES).some((queue) => (queue.types as readonly string[]).includes(shortType));
}

export function definitionOf(shortType: string): EventDefinition | undefined {
  return EVENTS.find((event) => event.type === shortType);
}
