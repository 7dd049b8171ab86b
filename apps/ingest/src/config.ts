import { IsIn, IsInt, Matches, Min } from 'class-validator';
import {
  BrokerSettings,
  DoorSettings,
  EnvSetting,
  IsHttpUrl,
  LedgerSettings,
  QueueSettings,
  ServiceSettings,
  idleLimits,
  loadConfig,
} from '@slipway/service-kit';

class IngestSettings {
  @EnvSetting({
    about: 'Address of the api as clients see it; Location headers begin with it.',
    default: 'http://127.0.0.1:8080',
  })
  @IsHttpUrl()
  API_URL!: string;

  @EnvSetting({ about: 'Where builds and functions run.', default: 'local' })
  @IsIn(['local'], { message: 'must be local' })
  SLIPWAY_PLATFORM!: string;

  @EnvSetting({ about: 'What turns a context into an image.', default: 'host' })
  @IsIn(['host'], { message: 'must be host' })
  SLIPWAY_BUILDER!: string;

  @EnvSetting({ about: 'Bucket of uploaded sources where an event names none.', default: 'slipway-sources' })
  @Matches(/^[a-z0-9][a-z0-9.-]*$/, {
    message: 'must be the name of a bucket: lower-case letters, digits, dots and dashes',
  })
  SOURCE_BUCKET!: string;

  @EnvSetting({ about: 'Waiting builds of one tenant above which HTTP answers 429.', default: 1000 })
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  MAX_PENDING_PER_TENANT!: number;

  static contradictions(
    config: Partial<QueueSettings & IngestSettings>,
    isSet: (name: string) => boolean,
  ): string[] {
    return idleLimits(config, isSet, 'MAX_PENDING_PER_TENANT', 'MAX_PENDING');
  }
}

export type IngestConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  DoorSettings,
  LedgerSettings,
  BrokerSettings,
  QueueSettings,
  IngestSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
