import {
  BrokerSettings,
  DoorSettings,
  LedgerSettings,
  QueueSettings,
  ServiceSettings,
  loadConfig,
} from '@slipway/service-kit';

export type ApiConfig = ReturnType<typeof readConfig>;

export const SHAPES = [ServiceSettings, DoorSettings, LedgerSettings, BrokerSettings, QueueSettings] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
