import {
  BrokerSettings,
  DoorSettings,
  IntakeSettings,
  LedgerSettings,
  QueueSettings,
  ServiceSettings,
  loadConfig,
} from '@slipway/service-kit';

export type ApiConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  DoorSettings,
  LedgerSettings,
  BrokerSettings,
  QueueSettings,
  IntakeSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
