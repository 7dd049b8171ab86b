import {
  BrokerSettings,
  DoorSettings,
  EnvSetting,
  IntakeSettings,
  IsHttpUrl,
  LedgerSettings,
  QueueSettings,
  ServiceSettings,
  loadConfig,
} from '@slipway/service-kit';

class IngestSettings {
  @EnvSetting({
    about: 'Address of the api as clients see it; Location headers begin with it.',
    default: 'http://127.0.0.1:8080',
  })
  @IsHttpUrl()
  API_URL!: string;
}

export type IngestConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  DoorSettings,
  LedgerSettings,
  BrokerSettings,
  QueueSettings,
  IntakeSettings,
  IngestSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
