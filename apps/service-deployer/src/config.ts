import {
  BrokerSettings,
  EnvSetting,
  IsHttpUrl,
  LedgerSettings,
  LocalPlatformSettings,
  ServiceSettings,
  loadConfig,
} from '@slipway/service-kit';

class ServiceDeployerSettings {
  @EnvSetting({
    about: 'Address of the gateway as clients see it; URLs of functions begin with it.',
    default: 'http://127.0.0.1:8090',
  })
  @IsHttpUrl()
  GATEWAY_URL!: string;
}

export type ServiceDeployerConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  LedgerSettings,
  BrokerSettings,
  LocalPlatformSettings,
  ServiceDeployerSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
