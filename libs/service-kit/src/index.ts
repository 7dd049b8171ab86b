export { IsAmqpUrl, IsEventPrefix, IsHttpUrl, IsLogLevel, idleLimits } from './config/checks';
export {
  BrokerSettings,
  DoorSettings,
  ImageSettings,
  IntakeSettings,
  LedgerSettings,
  LocalPlatformSettings,
  QueueSettings,
  ServiceSettings,
} from './config/common-settings';
export { ConfigurationError, loadConfig } from './config/load-config';
export { ContextStoreSettings, S3Settings } from './config/store-settings';
export { EnvSetting, settingsOf, type Setting, type SettingsClass } from './config/setting';
export { answerClientError } from './http/client-error';
export { NestLogger, createLogger, withoutCredentials, type Logger } from './logging/logger';
export { Metrics } from './metrics/metrics';
export {
  runService,
  startService,
  type RunningService,
  type ServiceContext,
  type ServiceDefinition,
} from './run-service';
export { ServiceParts, type ServicePart } from './service-part';
export { randomIds, systemClock } from './sources/system';
export { inSpan } from './tracing/span';
