/** An event filter of a function: exact matches on attributes, all of which must hold. */
export interface TriggerSpec {
  type: string;
  filters?: Record<string, string>;
}

/** The options of a function that a build or an update may set; each key is ordered by its own sequence. */
export interface DeployOptions {
  min_scale?: number;
  max_scale?: number;
  /** Requests that one instance serves at once. */
  concurrency?: number;
  timeout_seconds?: number;
  env?: Record<string, string>;
  secrets?: string[];
  triggers?: TriggerSpec[];
  cpu?: string;
  memory?: string;
}

export type DeployOptionKey = keyof DeployOptions;

export const DEPLOY_OPTION_KEYS: readonly DeployOptionKey[] = [
  'min_scale',
  'max_scale',
  'concurrency',
  'timeout_seconds',
  'env',
  'secrets',
  'triggers',
  'cpu',
  'memory',
];

export interface FunctionIds {
  tenant: string;
  parser: string;
}

/** A function gets the parser.start events of its own tenant and name unless it asks for others. */
export function triggersOf(
  ids: FunctionIds,
  options: DeployOptions,
  types: { prefix: string; sourcePrefix: string },
): TriggerSpec[] {
  return (
    options.triggers ?? [
      {
        type: `${types.prefix}parser.start`,
        filters: { source: `${types.sourcePrefix}${ids.tenant}`, subject: ids.parser },
      },
    ]
  );
}

/** Whether an event with these attributes is one that the trigger asks for. */
export function matches(trigger: TriggerSpec, attributes: Readonly<Record<string, unknown>>): boolean {
  if (attributes['type'] !== trigger.type) return false;
  return Object.entries(trigger.filters ?? {}).every(([name, value]) => attributes[name] === value);
}
