import type { DeployOptions, TriggerSpec } from '@slipway/domain';

/** A function as it is to be run: what the service's folder says of one revision. */
export interface FunctionDefinition {
  service: string;
  tenant: string;
  parser: string;
  revision: string;
  digest: string;
  options: DeployOptions;
  triggers: TriggerSpec[];
}

/** What is written about functions; a pino logger fits. */
export interface FunctionLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
