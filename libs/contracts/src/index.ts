// Decorators need it before the first class is defined.
import 'reflect-metadata';

export {
  EVENT_EXCHANGE,
  EVENTS,
  MAX_COMMAND_BYTES,
  QUEUES,
  REPORT_EXCHANGE,
  definitionOf,
  isQueued,
  type QueueDefinition,
} from './catalogue';
export type { EventDefinition, EventKind } from './define-event';
export { canonicalJson, contentHashOf } from './event/canonical-json';
export {
  CONTEXT_ATTRIBUTES,
  DEFAULT_NAMING,
  isJsonContent,
  shortTypeOf,
  type CloudEvent,
  type EventNaming,
} from './event/cloud-event';
export { eventFrom, eventFromStructured, structuredOf, type RawAttributes } from './event/envelope';
export { lenientEventFrom, type LenientMark } from './event/lenient';
export { parseJson } from './event/parse-json';
export { RESERVED_TENANT, idsOf } from './event/ids';
export { validated, type Shape } from './event/validate';
export { BuildEndData, BuildFactData } from './events/build-facts.v1';
export { BuildStartData } from './events/build-start.v1';
export {
  BuildCancelData,
  RebuildStartData,
  ServiceDeleteData,
  ServiceUpdateData,
} from './events/commands.v1';
export { DeployData, TriggerData } from './events/deploy';
export { SourceData } from './events/source';
export type {
  AcceptedAnswer,
  Answer,
  AsyncJobStats,
  BuildDetail,
  BuildHistoryEntry,
  BuildList,
  BuildSummary,
  ContextAnswer,
  FunctionResource,
} from './http/build-resource';
export { problemOf, type Problem } from './http/problem';
