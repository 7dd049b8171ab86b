import { IsInt, IsNumber, IsString, Max, Min } from 'class-validator';
import {
  BrokerSettings,
  DoorSettings,
  EnvSetting,
  LedgerSettings,
  LocalPlatformSettings,
  ServiceSettings,
  loadConfig,
} from '@slipway/service-kit';

class GatewaySettings {
  @EnvSetting({
    about: 'Where the programs are found that functions are run with.',
    default: '/usr/local/bin:/usr/bin:/bin',
  })
  @IsString({ message: 'must be folders separated by colons' })
  PATH!: string;

  @EnvSetting({
    about: 'Seconds without a request after which the process of a function is stopped.',
    default: 60,
  })
  @IsNumber({}, { message: 'must be a number of seconds' })
  @Min(1, { message: 'must be at least 1' })
  @Max(86_400, { message: 'must be at most 86400' })
  IDLE_SECONDS!: number;

  @EnvSetting({ about: 'Events that are brought to functions at once.', default: 32 })
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  MAX_CONCURRENT_EVENTS!: number;
}

export type GatewayConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  DoorSettings,
  LedgerSettings,
  BrokerSettings,
  LocalPlatformSettings,
  GatewaySettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
