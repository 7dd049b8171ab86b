import { IsUrl } from 'class-validator';
import {
  BrokerSettings,
  EnvSetting,
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
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http:// or https:// URL' },
  )
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
