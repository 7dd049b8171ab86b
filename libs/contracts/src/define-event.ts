import type { Shape } from './event/validate';

export type EventKind = 'command' | 'fact';

/** One row of the event catalogue. Routing key, queue, dead letters and the reference page derive from it. */
export interface EventDefinition<T extends object = object> {
  /** Without the configurable prefix. */
  type: string;
  version: 1;
  kind: EventKind;
  from: string;
  to: string;
  summary: string;
  data: Shape<T>;
}

export function defineEvent<T extends object>(definition: EventDefinition<T>): EventDefinition<T> {
  return definition;
}
