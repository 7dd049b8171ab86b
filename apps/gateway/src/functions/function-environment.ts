import type { FunctionDefinition } from './function-definition';

/** How a function names itself in the events that it sends. */
export interface EventNames {
  /** `network.notifi.`, before the tenant. */
  sourcePrefix: string;
  /** `network.notifi.lambda.` */
  typePrefix: string;
}

export interface FunctionPlace {
  path: string;
  home: string;
  temporary: string;
  port: number;
}

/** All that a function sees of this machine. Its own variables may change anything but how it is reached and named. */
export function functionEnvironment(
  definition: FunctionDefinition,
  place: FunctionPlace,
  names: EventNames,
  ofRuntime: Record<string, string>,
): Record<string, string> {
  return {
    PATH: place.path,
    HOME: place.home,
    TMPDIR: place.temporary,
    LANG: 'C.UTF-8',
    ...ofRuntime,
    ...definition.options.env,
    PORT: String(place.port),
    HTTP_PORT: String(place.port),
    K_SERVICE: definition.service,
    K_REVISION: definition.revision,
    SLIPWAY_EVENT_SOURCE: `${names.sourcePrefix}${definition.tenant}`,
    SLIPWAY_EVENT_SUBJECT: definition.parser,
    SLIPWAY_EVENT_TYPE_PREFIX: names.typePrefix,
  };
}
